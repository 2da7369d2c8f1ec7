public import CelerityCore

/// How a worker works.
public struct WorkerConfiguration: Sendable {
  /// Unique name, `celery@host` by custom.
  public var name: String
  public var queues: [String]
  /// How many tasks run at once, until an order says otherwise.
  public var concurrency: Int
  /// How long a lease holds without a heartbeat.
  public var lease: Duration
  /// How often leases are extended and cancellations learned while something runs.
  public var heartbeat: Duration
  /// How long running tasks may go on after the worker was told to stop.
  public var grace: Duration
  /// How long a task may take to end after it was told to.
  public var cancelGrace: Duration
  /// How long tasks that are claimed before a slot is free may be expected to wait for one; zero: none is.
  public var claimAhead: Duration
  /// How long one fetch waits for work.
  public var fetchWait: Duration
  /// How often the worker says that it is there.
  public var announceEvery: Duration
  /// How long records of successes stay.
  public var successRetention: Duration
  public var hostname: String
  public var version: String

  /// A worker's settings, each with the platform's default.
  public init(
    name: String, queues: [String] = ["default"], concurrency: Int = 2, lease: Duration = .seconds(30),
    heartbeat: Duration = .seconds(1), grace: Duration = .seconds(30), cancelGrace: Duration = .seconds(2),
    claimAhead: Duration = .milliseconds(20), fetchWait: Duration = .seconds(60),
    announceEvery: Duration = .seconds(10), successRetention: Duration = Retention().success,
    hostname: String = "localhost", version: String = "0"
  ) {
    self.name = name
    self.queues = queues
    self.concurrency = max(1, concurrency)
    self.lease = lease
    self.heartbeat = heartbeat
    self.grace = grace
    self.cancelGrace = cancelGrace
    self.claimAhead = claimAhead
    self.fetchWait = fetchWait
    self.announceEvery = announceEvery
    self.successRetention = successRetention
    self.hostname = hostname
    self.version = version
  }
}

/// What a worker needs of a store.
public typealias WorkerStore = Engine & ProgressStore & StepStore & PermitStore & RevocationStore & WorkerPresence
  & WorkerOrders
