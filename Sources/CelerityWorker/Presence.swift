import CelerityCore
import Logging

/// Says again and again that the worker is there, and at once when it begins to drain.
struct Presence: Sendable {
  let store: any WorkerPresence
  let every: Duration
  let time: any TimeSource
  let logger: Logger
  let bell = Bell()

  /// Announces until cancelled.
  func run(_ info: @Sendable () -> WorkerInfo) async {
    while !Task.isCancelled {
      do {
        // Three times the interval: one announcement may fail.
        try await store.announce(info(), for: every * 3)
      } catch {
        logger.warning("could not announce the worker", metadata: ["error": "\(error)"])
      }
      await bell.wait(until: time.uptime + every, on: time)
    }
  }
}
