import CelerityCore
import GRDB
import Synchronization

/// The one writer: gathers waiting writes and commits them together, because a commit to disk costs the same for one
/// and for a hundred. There is no timer: while a commit is under way, the next group gathers.
///
/// A write is *durable* when its caller must not be answered before it is on the disk, and *relaxed* when losing it with
/// the machine's power does no harm (a claim, a heartbeat, progress: the attempt dies with the machine anyway).
///
/// When the disk fails under a commit or a checkpoint, nobody knows what is on it: the connection is given up, the file
/// opened and checked anew, and what the writer knows is read again. When that fails too, or the disk fails twice without
/// a durable commit in between, the store stays closed.
final class CommitGroup: Sendable {
  private let configuration: SQLiteConfiguration
  private let lock: FileLock
  private let memory: WriterMemory
  private let readers: Readers
  private let inbox = Inbox()
  private let end = Latch()

  init(_ configuration: SQLiteConfiguration, _ lock: FileLock, _ memory: WriterMemory, _ readers: Readers) {
    self.configuration = configuration
    self.lock = lock
    self.memory = memory
    self.readers = readers
  }

  /// Begins to work on an open file.
  func start(_ pool: DatabasePool) {
    startThread("celerity.writer") { [self] in
      work(pool)
      end.open()
    }
  }

  /// Runs a write in the next commit; returns when it is committed. A write that throws changes nothing and does not
  /// disturb its neighbours. It may run twice, of which only the last run counts.
  func write<T: Sendable>(
    durable: Bool = true, weight: Int = 1, _ body: @escaping @Sendable (WriteTransaction) throws -> T
  ) async throws(EngineError) -> T {
    let answer = Answer<T>()
    let error = await withCheckedContinuation { (continuation: CheckedContinuation<EngineError?, Never>) in
      let isDurable = durable && configuration.durability == .durable
      inbox.put(
        Job(isDurable: isDurable, weight: weight) { transaction in
          let value = try body(transaction)
          answer.value.withLock { $0 = value }
        } finish: { error in
          continuation.resume(returning: error)
        })
    }
    if let error { throw error }
    guard let value = answer.value.withLock({ $0 }) else { throw EngineError(.unavailable, "the write was not done") }
    return value
  }

  /// Throws when nothing is written any more.
  func checkOpen() throws(EngineError) {
    if let end = inbox.end { throw end }
  }

  /// Refuses further writes, finishes those that are under way and closes the file.
  func close() async {
    letGo()
    await end.wait()
  }

  /// As `close`, without waiting for it: a store that nobody holds any more needs no thread and no lock.
  func letGo() { inbox.close(.storeIsClosed) }

  // MARK: The writer's thread

  private func work(_ first: DatabasePool) {
    var pool = first
    while let fault = serve(pool) {
      readers.pause()
      do {
        try? pool.close()
        if fault.isRepeated { throw fault.error }
        let opened = try StoreFile.open(configuration, lock)
        pool = opened.pool
        memory.state.withLock { $0.reread(opened.state) }
        readers.resume(pool)
      } catch {
        return giveUp(error)
      }
    }
    readers.end(.storeIsClosed)
    try? pool.close()
  }

  /// Commits what comes until the store is closed or the disk fails.
  private func serve(_ pool: DatabasePool) -> StorageFault? {
    pool.writeWithoutTransaction { db in
      var session = WriterSession(db, memory, readers, lock, configuration)
      while let jobs = inbox.next() {
        do throws(StorageFault) {
          try session.commit(jobs)
        } catch {
          return error
        }
      }
      session.finish()
      return nil
    }
  }

  private func giveUp(_ error: any Error) {
    let cause = EngineError(describing: error)
    let end = EngineError(
      cause.code, "the store is closed, because the disk failed repeatedly: \(cause.message)",
      hint: cause.hint ?? "check the disk and the system's log, then start again")
    readers.end(end)
    inbox.fail(end)
    // Whoever waits asks again and is told.
    memory.fetchBells.ring()
    memory.dutyBells.ring()
    memory.orderBells.ring()
  }
}

/// Carries a write's value from the writer's thread to its caller.
private final class Answer<T: Sendable>: Sendable {
  let value = Mutex<T?>(nil)
}

/// Opens once, for all who wait.
final class Latch: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }
}
