import CelerityCore
import Logging
import Synchronization

/// Gathers progress and log lines of running code and writes them together, at most every 100 ms: code may report in a
/// tight loop without slowing itself or the store. Of progress only the newest value of an attempt counts.
final class ReportBuffer: Sendable {
  private struct State {
    var progress: [TaskKey: ProgressReport] = [:]
    var lines: [TaskLogLine] = []
    var dropped = 0
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
    state.withLock { $0.progress[report.key] = report }
    bell.ring()
  }

  func add(_ line: TaskLogLine) {
    state.withLock { state in
      if state.lines.count < Self.capacity { state.lines.append(line) } else { state.dropped += 1 }
    }
    bell.ring()
  }

  /// Drops progress of an attempt that ended: its settlement says more.
  func forget(_ delivery: Delivery) {
    state.withLock { state in
      if state.progress[delivery.key]?.token == delivery.lease.token { state.progress[delivery.key] = nil }
    }
  }

  /// Writes what is there until cancelled, then what is left.
  func run() async {
    while !Task.isCancelled {
      await bell.wait()
      await flush()
      try? await time.sleep(for: Self.interval)
    }
    await flush()
  }

  private func flush() async {
    let (progress, lines, dropped) = state.withLock { state in
      defer { state = State() }
      return (Array(state.progress.values), state.lines, state.dropped)
    }
    do {
      _ = try await store.report(progress)
      try await store.append(lines)
      if dropped > 0 { logger.warning("dropped log lines of tasks", metadata: ["count": "\(dropped)"]) }
    } catch {
      logger.warning("could not store progress and logs of tasks", metadata: ["error": "\(error)"])
    }
  }
}
