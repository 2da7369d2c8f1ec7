public import Logging
public import NIOCore
public import NIOPosix

/// A message of a subscription.
public enum RedisMessage: Sendable, Hashable {
  /// The subscriptions are in force, at first and after each reconnection: what was said before may have been missed.
  case subscribed
  case message(channel: String, pattern: String?, ByteBuffer)
}

/// A connection of its own that listens to channels and patterns and comes back by itself.
///
/// Messages wait in a buffer of the newest `buffer` ones; a reader that falls behind loses the oldest. Whatever is announced by
/// messages must therefore be looked up again after `subscribed`.
public struct RedisSubscription: Sendable {
  private let configuration: RedisConfiguration
  private let group: MultiThreadedEventLoopGroup
  private let channels: [String]
  private let patterns: [String]
  private let logger: Logger

  /// A subscription to channels and patterns of a server.
  public init(
    _ configuration: RedisConfiguration, group: MultiThreadedEventLoopGroup = .singleton, channels: [String] = [],
    patterns: [String] = [], logger: Logger = Logger(label: "redis")
  ) {
    self.configuration = configuration
    self.group = group
    self.channels = channels
    self.patterns = patterns
    self.logger = logger
  }

  /// Listens until cancelled and hands over each message; suspends while one is handled.
  public func run(buffer: Int = 4096, _ body: (RedisMessage) async -> Void) async {
    var pause = Backoff(configuration)
    while !Task.isCancelled {
      do {
        try await listen(buffer: buffer) { message in
          if message == .subscribed { pause = Backoff(configuration) }
          await body(message)
        }
      } catch {
        if Task.isCancelled { return }
        logger.debug("a subscription was lost", metadata: ["error": "\(error)"])
      }
      try? await Task.sleep(for: pause.next())
    }
  }

  private func listen(buffer: Int, _ body: (RedisMessage) async -> Void) async throws {
    let (pushes, feed) = AsyncStream.makeStream(of: RedisMessage.self, bufferingPolicy: .bufferingNewest(buffer))
    let connection = try await RedisConnection.open(configuration, on: group) { values in
      if let message = Self.message(values) { feed.yield(message) }
    }
    connection.whenClosed { feed.finish() }
    await withTaskCancellationHandler {
      do {
        try await subscribe(connection)
        await body(.subscribed)
        for await message in pushes { await body(message) }
      } catch {
        logger.debug("could not subscribe", metadata: ["error": "\(error)"])
      }
      await connection.close()
    } onCancel: {
      feed.finish()
    }
  }

  /// Answers of SUBSCRIBE are pushes too; a PING behind it tells, by its ordinary reply, that they are in force.
  private func subscribe(_ connection: RedisConnection) async throws {
    if !channels.isEmpty { connection.post(RESPCommand(["SUBSCRIBE"] + channels.map { .text($0) })) }
    if !patterns.isEmpty { connection.post(RESPCommand(["PSUBSCRIBE"] + patterns.map { .text($0) })) }
    try await connection.send(RESPCommand("PING"))
  }

  private static func message(_ push: [RESPValue]) -> RedisMessage? {
    switch push.first?.string {
    case "message" where push.count == 3:
      guard let channel = push[1].string, let bytes = push[2].bytes else { return nil }
      return .message(channel: channel, pattern: nil, bytes)
    case "pmessage" where push.count == 4:
      guard let channel = push[2].string, let bytes = push[3].bytes else { return nil }
      return .message(channel: channel, pattern: push[1].string, bytes)
    default: return nil
    }
  }
}
