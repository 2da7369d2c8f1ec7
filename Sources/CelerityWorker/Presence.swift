import CelerityCore
import Logging
import Synchronization

/// Says again and again that the worker is there: at its interval, within a second when what it does has changed, and at
/// once when something was decided. While nothing changes, the interval is all that wakes it.
final class Presence: Sendable {
  private enum News {
    case none
    case changed
    case urgent
  }

  /// What changes often is not said more often than this.
  private static let coalescing = Duration.seconds(1)

  private let store: any WorkerPresence
  private let every: Duration
  private let time: any TimeSource
  private let logger: Logger
  private let bell = Bell()
  private let news = Mutex(News.none)

  init(store: any WorkerPresence, every: Duration, time: any TimeSource, logger: Logger) {
    self.store = store
    self.every = every
    self.time = time
    self.logger = logger
  }

  /// What the worker does has changed.
  func note() {
    let isFirst = news.withLock { news in
      guard case .none = news else { return false }
      news = .changed
      return true
    }
    if isFirst { bell.ring() }
  }

  /// Something was decided that others wait to see.
  func say() {
    news.withLock { $0 = .urgent }
    bell.ring()
  }

  /// Announces until cancelled.
  func run(_ info: @Sendable () -> WorkerInfo) async {
    while !Task.isCancelled {
      news.withLock { $0 = .none }
      let start = time.uptime
      do {
        // Three times the interval: one announcement may fail.
        try await store.announce(info(), for: every * 3)
      } catch {
        logger.warning("could not announce the worker", metadata: ["error": "\(error)"])
      }
      await pause(since: start)
    }
  }

  private func pause(since start: Duration) async {
    while !Task.isCancelled {
      let deadline: Duration
      switch news.withLock({ $0 }) {
      case .none: deadline = start + every
      case .changed: deadline = start + min(every, Self.coalescing)
      case .urgent: return
      }
      if time.uptime >= deadline { return }
      await bell.wait(until: deadline, on: time)
    }
  }
}
