import CelerityCore
import Logging
import Synchronization

/// Gathers progress and log lines of running code and writes them together, at most every 100 ms: code may report in a
/// tight loop without slowing itself or the store. Of progress only the newest value of an attempt counts.
final class ReportBuffer: Sendable {
  private struct Batch {
    var progress: [Int64: ProgressReport] = [:]
    var lines: [TaskLogLine] = []
    var dropped = 0

    var isEmpty: Bool { progress.isEmpty && lines.isEmpty && dropped == 0 }
  }

  private struct State {
    var batch = Batch()
    /// The newest write; each begins when the one before has ended, so that lines keep their order.
    var writing: Task<Void, Never>?
  }

  /// Most lines that wait to be written; more are dropped and counted.
  private static let capacity = 10_000
  private static let interval = Duration.milliseconds(100)

  private let store: any ProgressStore
  private let time: any TimeSource
  private let logger: Logger
  private let state = Mutex(State())
  private let bell = Bell()

  init(store: any ProgressStore, time: any TimeSource, logger: Logger) {
    self.store = store
    self.time = time
    self.logger = logger
  }

  func add(_ report: ProgressReport) {
    state.withLock { $0.batch.progress[report.token] = report }
    bell.ring()
  }

  func add(_ line: TaskLogLine) {
    state.withLock { state in
      if state.batch.lines.count < Self.capacity { state.batch.lines.append(line) } else { state.batch.dropped += 1 }
    }
    bell.ring()
  }

  /// Drops progress of an attempt that ended: its settlement says more.
  func forget(token: Int64) {
    state.withLock { state in
      if !state.batch.progress.isEmpty { state.batch.progress[token] = nil }
    }
  }

  /// Writes what comes until cancelled.
  func run() async {
    while !Task.isCancelled {
      await bell.wait()
      await flush()
      try? await time.sleep(for: Self.interval)
    }
  }

  /// Writes what is there; returns when it is written. Called before results are stored, so that who sees a result sees
  /// the log behind it.
  func flush() async {
    let writing = state.withLock { state in
      let batch = state.batch
      guard !batch.isEmpty else { return state.writing }
      state.batch = Batch()
      let writing = Task { [last = state.writing] in
        await last?.value
        await write(batch)
      }
      state.writing = writing
      return writing
    }
    await writing?.value
  }

  private func write(_ batch: Batch) async {
    if batch.dropped > 0 { logger.warning("dropped log lines of tasks", metadata: ["count": "\(batch.dropped)"]) }
    do {
      if !batch.progress.isEmpty { _ = try await store.report(Array(batch.progress.values)) }
      if !batch.lines.isEmpty { try await store.append(batch.lines) }
    } catch {
      logger.warning("could not store progress and logs of tasks", metadata: ["error": "\(error)"])
    }
  }
}
