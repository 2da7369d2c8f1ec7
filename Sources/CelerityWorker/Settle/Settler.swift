import CelerityCore
import Logging
import Synchronization

/// Writes the ends of attempts: all that wait go in one call, a call that fails is tried again until its leases are worth
/// nothing any more. A slot does not wait for it.
final class Settler: Sendable {
  private struct Pending {
    let settlement: Settlement
    /// When the lease is surely gone.
    let worthless: Duration
    let finished: @Sendable (SettleResult?) -> Void
  }

  private struct State {
    var pending: [Pending] = []
    var isClosed = false
  }

  private static let firstPause = Duration.milliseconds(50)
  private static let longestPause = Duration.seconds(2)

  private let engine: any Engine
  private let time: any TimeSource
  private let logger: Logger
  private let state = Mutex(State())
  private let bell = Bell()

  init(engine: any Engine, time: any TimeSource, logger: Logger) {
    self.engine = engine
    self.time = time
    self.logger = logger
  }

  /// Ends of attempts that are not stored yet.
  var backlog: Int { state.withLock { $0.pending.count } }

  /// Hands over the end of an attempt; `finished` learns what became of it, `nil` when it could not be stored in time.
  func settle(
    _ settlement: Settlement, worthless: Duration, finished: @escaping @Sendable (SettleResult?) -> Void
  ) {
    state.withLock { $0.pending.append(Pending(settlement: settlement, worthless: worthless, finished: finished)) }
    bell.ring()
  }

  /// Writes until closed and empty.
  func run() async {
    var pause = Self.firstPause
    while true {
      let (batch, isClosed) = state.withLock { state in
        defer { state.pending.removeAll(keepingCapacity: true) }
        return (state.pending, state.isClosed)
      }
      if batch.isEmpty {
        if isClosed { return }
        await bell.wait()
        continue
      }
      if let left = await store(batch) {
        state.withLock { $0.pending.insert(contentsOf: left, at: 0) }
        try? await time.sleep(for: pause)
        pause = min(pause * 2, Self.longestPause)
      } else {
        pause = Self.firstPause
      }
    }
  }

  /// Ends `run` once everything is written.
  func close() {
    state.withLock { $0.isClosed = true }
    bell.ring()
  }

  /// Stores a batch; answers what is worth another try.
  private func store(_ batch: [Pending]) async -> [Pending]? {
    do {
      let results = try await engine.settle(batch.map(\.settlement))
      for (pending, result) in zip(batch, results) { pending.finished(result) }
      return nil
    } catch {
      let now = time.uptime
      let left = error.isRetryable ? batch.filter { $0.worthless > now } : []
      logger.error(
        "could not store the ends of tasks",
        metadata: ["count": "\(batch.count)", "retrying": "\(left.count)", "error": "\(error)"])
      for pending in batch where !error.isRetryable || pending.worthless <= now { pending.finished(nil) }
      return left
    }
  }
}
