/// How a client behaves.
public struct RedisConfiguration: Sendable {
  public var endpoint: RedisEndpoint
  /// Connections that share ordinary commands; blocking ones and subscriptions have connections of their own besides.
  public var connections: Int
  /// How long a connection may take to be made and introduced.
  public var connectTimeout: Duration
  /// How long a command may wait for a connection before it fails as `unreachable`.
  public var patience: Duration
  /// How long a reply may take. A connection that is silent for longer is half open, and is given up.
  public var replyTimeout: Duration
  /// Pauses between attempts to connect: the first, doubled each time, up to the longest; shortened by a random part, so that
  /// a thousand clients do not come back at the same moment.
  public var firstPause: Duration
  public var longestPause: Duration
  /// How the client names itself to `CLIENT LIST`.
  public var name: String?
  public var limits: RESPLimits

  /// A configuration, each part with a default.
  public init(
    _ endpoint: RedisEndpoint, connections: Int = 1, connectTimeout: Duration = .seconds(5),
    patience: Duration = .seconds(5), replyTimeout: Duration = .seconds(15), firstPause: Duration = .milliseconds(20),
    longestPause: Duration = .seconds(2), name: String? = nil, limits: RESPLimits = RESPLimits()
  ) {
    self.endpoint = endpoint
    self.connections = connections
    self.connectTimeout = connectTimeout
    self.patience = patience
    self.replyTimeout = replyTimeout
    self.firstPause = firstPause
    self.longestPause = longestPause
    self.name = name
    self.limits = limits
  }
}
