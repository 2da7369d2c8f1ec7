/// Who works here and what they know how to run. Gateways read it to tell known task kinds from unknown ones.
public protocol WorkerPresence: Sendable {
  /// Says that a worker is there, for a time on the store's clock; repeated as its heartbeat.
  func announce(_ worker: WorkerInfo, for duration: Duration) async throws(EngineError)

  /// Says that a worker has gone.
  func withdraw(_ name: String) async throws(EngineError)

  /// The workers whose time has not run out, by name.
  func workers() async throws(EngineError) -> [WorkerInfo]
}

/// A worker as it describes itself.
public struct WorkerInfo: Sendable, Hashable, Codable {
  /// Unique name, `celery@host` by custom.
  public var name: String
  /// Differs with every start of the same name.
  public var incarnation: String
  public var hostname: String
  public var pid: Int
  public var version: String
  public var queues: [String]
  public var concurrency: Int
  public var running: Int
  /// Names of the tasks it can run.
  public var tasks: [String]
  public var processed: Int
  /// Microseconds since the epoch.
  public var startedAt: Int64
  /// Whether it finishes what it has and fetches nothing more.
  public var isDraining: Bool

  /// A worker.
  public init(
    name: String, incarnation: String, hostname: String, pid: Int, version: String, queues: [String], concurrency: Int,
    running: Int = 0, tasks: [String], processed: Int = 0, startedAt: Int64, isDraining: Bool = false
  ) {
    self.name = name
    self.incarnation = incarnation
    self.hostname = hostname
    self.pid = pid
    self.version = version
    self.queues = queues
    self.concurrency = concurrency
    self.running = running
    self.tasks = tasks
    self.processed = processed
    self.startedAt = startedAt
    self.isDraining = isDraining
  }

  enum CodingKeys: String, CodingKey {
    case name, incarnation, hostname, pid, version, queues, concurrency, running, tasks, processed
    case startedAt = "started_at"
    case isDraining = "draining"
  }
}
