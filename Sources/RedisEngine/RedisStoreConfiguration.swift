public import CelerityCore
public import RESPClient

/// How a store on Redis is reached and what it keeps.
public struct RedisStoreConfiguration: Sendable {
  public var endpoint: RedisEndpoint
  /// Stands before every key and channel, Celery's own among them (`global_keyprefix` of its transport and result
  /// backend).
  public var keyPrefix: String
  /// How long Celery's result records stay (`result_expires`); zero keeps them for ever.
  public var resultExpires: Duration
  /// Connections that share ordinary commands.
  public var connections: Int
  /// Who publishes, `gen<pid>@<host>` by custom.
  public var origin: String
  public var lifecycle: LifecyclePolicy
  /// Whether results are listened to that Python's workers store, so that whoever waits for one of our tasks learns of it
  /// at once: what a gateway wants, and a worker need not be told.
  public var hearsPeers: Bool
  /// After how long what a Python worker holds is put back: its fleet's `visibility_timeout`; zero leaves it to the Python
  /// workers.
  public var visibilityTimeout: Duration
  /// Every so many claims one is taken from the lowest step of priority that holds work, so that nothing starves.
  public var lowStepEvery: Int

  /// A configuration; results stay for a day, as Celery's do.
  public init(
    _ endpoint: RedisEndpoint, keyPrefix: String = "", resultExpires: Duration = .seconds(86_400),
    connections: Int = 2, origin: String = "celerity", lifecycle: LifecyclePolicy = LifecyclePolicy(),
    hearsPeers: Bool = false, visibilityTimeout: Duration = .zero, lowStepEvery: Int = 16
  ) {
    self.visibilityTimeout = visibilityTimeout
    self.hearsPeers = hearsPeers
    self.endpoint = endpoint
    self.keyPrefix = keyPrefix
    self.resultExpires = resultExpires
    self.connections = connections
    self.origin = origin
    self.lifecycle = lifecycle
    self.lowStepEvery = max(2, lowStepEvery)
  }
}
