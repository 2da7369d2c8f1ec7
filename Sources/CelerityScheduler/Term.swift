import CelerityCore
import Logging
import Synchronization

/// A scheduler's term as leader: renewed while it lasts, over when another leads or when nobody could say so in time.
final class Term: Sendable {
  /// Who leads, as far as is known.
  enum Standing {
    case held
    case elsewhere
    /// The store did not say.
    case unknown
  }

  private let name: String
  private let holder: String
  private let length: Duration
  private let store: any LeadershipStore
  private let time: any TimeSource
  private let logger: Logger
  /// When the term surely ends unless it is renewed.
  private let heldUntil = Mutex(Duration.zero)

  init(
    name: String, holder: String, length: Duration, store: any LeadershipStore, time: any TimeSource, logger: Logger
  ) {
    self.name = name
    self.holder = holder
    self.length = length
    self.store = store
    self.time = time
    self.logger = logger
  }

  /// Becomes or stays leader, if nobody else is.
  func renew() async -> Standing {
    // Counted from before the call: the store counts from some moment during it.
    let end = time.uptime + length
    do {
      guard try await store.lead(name, holder: holder, for: length) != nil else { return .elsewhere }
      heldUntil.withLock { $0 = max($0, end) }
      return .held
    } catch {
      logger.warning("could not become or stay leader", metadata: ["error": "\(error)"])
      return .unknown
    }
  }

  /// Renews the term again and again; returns when another leads or when cancelled.
  func keep() async {
    var standing = Standing.held
    while !Task.isCancelled {
      try? await time.sleep(for: standing == .held ? length / 3 : length / 10)
      if Task.isCancelled { return }
      standing = await renew()
      if standing == .elsewhere { return }
    }
  }

  /// Returns when the term is over because it was not renewed in time, or when cancelled.
  func end() async {
    while !Task.isCancelled {
      let end = heldUntil.withLock { $0 }
      if time.uptime >= end { return }
      try? await time.sleep(until: end)
    }
  }

  /// Steps down.
  func resign() async {
    do {
      try await store.resign(name, holder: holder)
    } catch {
      logger.warning("could not step down; another leads after the end of the term", metadata: ["error": "\(error)"])
    }
  }
}
