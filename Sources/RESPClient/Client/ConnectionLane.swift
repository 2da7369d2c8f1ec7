import Logging
import NIOPosix
import Synchronization

/// One shared connection that is made when it is needed and again when it was lost. While it is being made, everybody who
/// needs it waits for the one attempt.
final class ConnectionLane: Sendable {
  private struct State {
    var connection: RedisConnection?
    var opening: Task<RedisConnection, any Error>?
    var isClosed = false
  }

  private let configuration: RedisConfiguration
  private let group: MultiThreadedEventLoopGroup
  private let logger: Logger
  private let patience: Patience
  private let state = Mutex(State())

  init(
    _ configuration: RedisConfiguration, patience: Patience, group: MultiThreadedEventLoopGroup, logger: Logger
  ) {
    self.configuration = configuration
    self.patience = patience
    self.group = group
    self.logger = logger
  }

  /// Sends over the connection, making it first if need be.
  func send(_ commands: [RESPCommand]) async throws(RedisError) -> [RESPValue] {
    let (deadline, isShared) = patience.deadline()
    while true {
      do {
        let connection = try await connection(before: deadline)
        let replies =
          try await isShared ? connection.send(commands, until: deadline) : connection.send(commands)
        patience.renew()
        return replies
      } catch let error as RedisError {
        // It ended between being looked up and being used: nothing was sent.
        guard error.isSafeToRepeat, ContinuousClock.now < deadline else { throw error }
      } catch {
        throw RedisError(.timedOut, "the wait for a reply was cancelled")
      }
    }
  }

  /// Ends it for good.
  func close() async {
    let (connection, opening) = state.withLock { state -> (RedisConnection?, Task<RedisConnection, any Error>?) in
      state.isClosed = true
      defer { (state.connection, state.opening) = (nil, nil) }
      return (state.connection, state.opening)
    }
    opening?.cancel()
    await connection?.close()
  }

  private func connection(before deadline: ContinuousClock.Instant) async throws -> RedisConnection {
    let opening = try state.withLock { state -> Task<RedisConnection, any Error>? in
      if state.isClosed { throw RedisError(.closed, "the client is closed") }
      if let connection = state.connection, !connection.isClosed { return nil }
      if let opening = state.opening { return opening }
      let opening = Task { try await self.open(before: deadline) }
      state.connection = nil
      state.opening = opening
      return opening
    }
    if let opening { return try await opening.value }
    guard let connection = state.withLock({ $0.connection }) else {
      throw RedisError(.unreachable, "the connection has ended")
    }
    return connection
  }

  /// The least that an attempt to connect is given.
  private static let shortestLook = Duration.milliseconds(100)

  /// Tries until it succeeds or the time is over; what can't get better by waiting fails at once.
  private func open(before deadline: ContinuousClock.Instant) async throws -> RedisConnection {
    defer { state.withLock { $0.opening = nil } }
    var pause = Backoff(configuration)
    while true {
      var configuration = configuration
      let left =
        min(deadline, patience.sharedEnd.map { max($0, ContinuousClock.now) } ?? deadline) - ContinuousClock.now
      configuration.connectTimeout = min(configuration.connectTimeout, max(left, Self.shortestLook))
      do {
        let connection = try await RedisConnection.open(configuration, on: group)
        let isClosed = state.withLock { state in
          if !state.isClosed { state.connection = connection }
          return state.isClosed
        }
        guard isClosed else { return connection }
        await connection.close()
        throw RedisError(.closed, "the client is closed")
      } catch let error as RedisError where !error.isWorthWaiting {
        throw error
      } catch {
        let wait = pause.next()
        guard ContinuousClock.now + wait < min(deadline, patience.sharedEnd ?? deadline) else {
          throw RedisError(.unreachable, RedisConnection.reason(error))
        }
        logger.debug("the server can't be reached", metadata: ["error": "\(error)", "pause": "\(wait)"])
        try await Task.sleep(for: wait)
      }
    }
  }
}

extension RedisError {
  /// Whether another attempt to connect may succeed: a wrong password stays wrong.
  var isWorthWaiting: Bool {
    switch code {
    case .denied, .invalidURL, .unsuitable, .closed: false
    // A server that loads its file, or that is being promoted, says so.
    case .refused: ["LOADING", "MASTERDOWN", "BUSY", "READONLY"].contains(reply?.code ?? "")
    default: true
    }
  }
}

/// Pauses between attempts: doubled each time, and shortened by a random part of up to a half.
struct Backoff {
  private var pause: Duration
  private let longest: Duration

  init(_ configuration: RedisConfiguration) {
    pause = configuration.firstPause
    longest = configuration.longestPause
  }

  mutating func next() -> Duration {
    defer { pause = min(pause * 2, longest) }
    return pause * Double.random(in: 0.5...1)
  }
}
