import CelerityCore
import GRDB
import Synchronization

/// The one writer: gathers waiting writes and commits them together, because a commit to disk costs the same for one
/// and for a hundred. There is no timer: while a commit is under way, the next group gathers.
///
/// A write is *durable* when its caller must not be answered before it is on the disk, and *relaxed* when losing it with
/// the machine's power does no harm (a claim, a heartbeat, progress: the attempt dies with the machine anyway). A group
/// with a durable write in it is committed with `synchronous = FULL`, one without with `NORMAL`: written, not awaited.
final class CommitGroup: Sendable {
  private struct Job {
    let isDurable: Bool
    let body: @Sendable (WriteTransaction) throws -> Void
    let finish: @Sendable (EngineError?) -> Void
  }

  private struct Pending {
    var jobs: [Job] = []
    var isScheduled = false
    var isClosed = false
  }

  /// Most writes in one commit: bounds how long the first waits for the last.
  private static let largestGroup = 512

  private let pool: DatabasePool
  private let pending = Mutex(Pending())
  private let memory: WriterMemory
  private let isAlwaysRelaxed: Bool

  init(pool: DatabasePool, memory: WriterMemory, isAlwaysRelaxed: Bool) {
    self.pool = pool
    self.memory = memory
    self.isAlwaysRelaxed = isAlwaysRelaxed
  }

  /// Runs a write in the next commit; returns when it is committed. A write that throws changes nothing and does not
  /// disturb its neighbours.
  func write<T: Sendable>(
    durable: Bool = true, _ body: @escaping @Sendable (WriteTransaction) throws -> T
  ) async throws(EngineError) -> T {
    let box = Box<T>()
    let error = await withCheckedContinuation { (continuation: CheckedContinuation<EngineError?, Never>) in
      let job = Job(isDurable: durable && !isAlwaysRelaxed) { transaction in
        let value = try body(transaction)
        box.value.withLock { $0 = value }
      } finish: { error in
        continuation.resume(returning: error)
      }
      enqueue(job)
    }
    if let error { throw error }
    guard let value = box.value.withLock({ $0 }) else { throw EngineError(.unavailable, "the write was not done") }
    return value
  }

  /// Refuses further writes and waits for those that are under way.
  func close() async {
    pending.withLock { $0.isClosed = true }
    await withCheckedContinuation { continuation in
      pool.asyncWriteWithoutTransaction { _ in continuation.resume() }
    }
  }

  private func enqueue(_ job: Job) {
    let action = pending.withLock { pending -> (isClosed: Bool, mustSchedule: Bool) in
      if pending.isClosed { return (true, false) }
      pending.jobs.append(job)
      defer { pending.isScheduled = true }
      return (false, !pending.isScheduled)
    }
    if action.isClosed { return job.finish(EngineError(.closed, "the store is closed")) }
    if action.mustSchedule { schedule() }
  }

  private func schedule() {
    pool.asyncWriteWithoutTransaction { [self] db in
      while let jobs = nextGroup() { commit(jobs, db) }
    }
  }

  private func nextGroup() -> [Job]? {
    pending.withLock { pending in
      guard !pending.jobs.isEmpty else {
        pending.isScheduled = false
        return nil
      }
      let group = Array(pending.jobs.prefix(Self.largestGroup))
      pending.jobs.removeFirst(group.count)
      return group
    }
  }

  /// Commits a group; when that fails, each write alone, so that only the culprits see their error.
  private func commit(_ jobs: [Job], _ db: Database) {
    do {
      try transact(jobs, db)
      for job in jobs { job.finish(nil) }
    } catch {
      guard jobs.count > 1, !error.isStorageFault else {
        for job in jobs { job.finish(EngineError(describing: error)) }
        return
      }
      for job in jobs { commit([job], db) }
    }
  }

  private func transact(_ jobs: [Job], _ db: Database) throws {
    let isDurable = jobs.contains(where: \.isDurable)
    try db.run(isDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
    let transaction = memory.begin(db)
    try db.run("BEGIN IMMEDIATE")
    do {
      for job in jobs { try job.body(transaction) }
      try db.run("COMMIT")
    } catch {
      // Some errors (a full disk) end the transaction by themselves.
      if db.isInsideTransaction { _ = try? db.run("ROLLBACK") }
      throw error
    }
    memory.take(over: transaction)
  }
}

/// Carries a write's value from the writer's thread to its caller.
private final class Box<T: Sendable>: Sendable {
  let value = Mutex<T?>(nil)
}

extension Error {
  /// Whether the disk is at fault, so that trying the same writes one by one is of no use.
  var isStorageFault: Bool {
    guard let error = self as? DatabaseError else { return false }
    return [.SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
  }
}

extension EngineError {
  /// What an error of the database means to a caller.
  init(describing error: any Error) {
    guard let error = error as? DatabaseError else {
      self = error as? EngineError ?? EngineError(.invalid, "\(error)")
      return
    }
    switch error.resultCode {
    case .SQLITE_FULL:
      self.init(.storageFull, "the disk is full", hint: "free space; the store goes on by itself")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(
        .corrupt, "the store's file is damaged: \(error.message ?? "")",
        hint: "stop, keep the file, and restore a backup with `celerity restore`")
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_INTERRUPT:
      self.init(.unavailable, "the store can't be written now: \(error.message ?? "\(error.resultCode)")")
    default:
      self.init(.unavailable, "the store failed: \(error.message ?? "\(error.resultCode)")")
    }
  }
}
