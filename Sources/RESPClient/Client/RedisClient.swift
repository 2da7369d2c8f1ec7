public import Logging
public import NIOPosix
import Synchronization

/// A server behind connections that come back by themselves. Commands of any number of tasks are spread over a bounded
/// number of shared connections.
///
/// A command that could not be sent waits for a connection up to the configuration's `patience`. One that was sent and
/// whose connection was lost fails as `connectionLost` and is never repeated here: only the caller knows whether doing it
/// twice does harm.
public final class RedisClient: Sendable {
  public let configuration: RedisConfiguration
  public let group: MultiThreadedEventLoopGroup
  private let lanes: [ConnectionLane]
  private let patience: Patience
  private let next = Atomic<Int>(0)

  /// A client; it connects when it is first used.
  public init(
    _ configuration: RedisConfiguration, group: MultiThreadedEventLoopGroup = .singleton,
    logger: Logger = Logger(label: "redis")
  ) {
    self.configuration = configuration
    self.group = group
    let patience = Patience(configuration.patience)
    self.patience = patience
    lanes = (0..<max(1, configuration.connections)).map { _ in
      ConnectionLane(configuration, patience: patience, group: group, logger: logger)
    }
  }

  /// From now on commands wait for a server that is away no longer than this, all of them together; each that comes later fails
  /// after one look whether it is there again. An answer begins the time anew. For a process that is about to end.
  public func limitPatience(to budget: Duration) { patience.limit(to: budget) }

  /// Sends commands together and waits for all their replies, errors of the server among them.
  public func send(_ commands: [RESPCommand]) async throws(RedisError) -> [RESPValue] {
    let turn = next.wrappingAdd(1, ordering: .relaxed).newValue
    return try await lanes[Int(UInt(bitPattern: turn) % UInt(lanes.count))].send(commands)
  }

  /// Sends one command; throws the error that the server answers.
  @discardableResult
  public func send(_ command: RESPCommand) async throws(RedisError) -> RESPValue {
    let reply = try await send([command])[0]
    if case .error(let error) = reply { throw RedisError(error) }
    return reply
  }

  /// Ends all connections; whatever waits fails as `closed` or `connectionLost`.
  public func close() async {
    for lane in lanes { await lane.close() }
  }
}
