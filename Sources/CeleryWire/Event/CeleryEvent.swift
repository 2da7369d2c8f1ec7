public import CelerityCore
public import CelerityJSON

/// What workers and clients tell monitors: all of Celery's kinds of events with their fields.
public enum CeleryEvent: Sendable, Hashable {
  /// A client published a task; only clients that were told to say so.
  case taskSent(SentTask)
  case taskReceived(ReceivedTask)
  case taskStarted(uuid: String)
  /// `result` is a Python repr.
  case taskSucceeded(uuid: String, result: String, runtime: Double)
  /// `exception` is a Python repr.
  case taskFailed(uuid: String, exception: String, traceback: String?)
  case taskRetried(uuid: String, exception: String, traceback: String?)
  case taskRejected(uuid: String, requeue: Bool)
  case taskRevoked(uuid: String, terminated: Bool, signal: Int?, expired: Bool)
  case taskCancelled(uuid: String)
  case workerOnline(WorkerVitals)
  case workerHeartbeat(WorkerVitals)
  case workerOffline(WorkerVitals)
  case workerElect(id: String, topic: String, action: RawJSON)
  case workerElectAck(id: String)

  /// The event's name.
  public var type: String {
    switch self {
    case .taskSent: "task-sent"
    case .taskReceived: "task-received"
    case .taskStarted: "task-started"
    case .taskSucceeded: "task-succeeded"
    case .taskFailed: "task-failed"
    case .taskRetried: "task-retried"
    case .taskRejected: "task-rejected"
    case .taskRevoked: "task-revoked"
    case .taskCancelled: "task-cancelled"
    case .workerOnline: "worker-online"
    case .workerHeartbeat: "worker-heartbeat"
    case .workerOffline: "worker-offline"
    case .workerElect: "worker-elect"
    case .workerElectAck: "worker-elect-ack"
    }
  }

  /// The key under which one is published alone.
  public var routingKey: String { type.replacing("-", with: ".") }

  /// The key of an array of task events.
  public static let batchRoutingKey = "task.multi"
}

/// A task as its worker announces it.
public struct ReceivedTask: Sendable, Hashable {
  public var uuid: String
  /// The shadow name where there is one.
  public var name: String
  /// Python reprs of the arguments.
  public var args: String
  public var kwargs: String
  public var rootID: String?
  public var parentID: String?
  public var retries: Int
  public var eta: Timestamp?
  public var expires: Timestamp?

  /// The announcement of a message.
  public init(_ message: TaskMessage) {
    uuid = message.id.text
    name = message.extras.shadow ?? message.task
    args = PythonRepr.tuple(message.args)
    kwargs = PythonRepr.value(message.kwargs)
    rootID = message.extras.rootID ?? message.id.text
    parentID = message.extras.parentID
    retries = message.retries
    eta = message.eta
    expires = message.expires
  }
}

/// A task as its publisher announces it.
public struct SentTask: Sendable, Hashable {
  public var task: ReceivedTask
  public var queue: String

  /// The announcement of a message that went to its queue by the default exchange.
  public init(_ message: TaskMessage) {
    task = ReceivedTask(message)
    queue = message.queue
  }
}

/// What a worker says of itself with every heartbeat.
public struct WorkerVitals: Sendable, Hashable {
  /// Seconds between heartbeats, by which monitors tell the living from the dead.
  public var frequency: Double
  /// How much it does; absent from a heartbeat that was asked for.
  public var load: WorkerLoad?
  /// The machine's load over one, five and fifteen minutes; absent together with the load.
  public var loadAverage: [Double]
  /// The software's name, version and system.
  public var software: String
  public var version: String
  public var system: String

  /// What workers of this platform call their software.
  public static let ownSoftware = "celerity"

  /// A worker's vital signs.
  public init(
    frequency: Double = 2, load: WorkerLoad?, loadAverage: [Double], software: String = WorkerVitals.ownSoftware,
    version: String,
    system: String
  ) {
    self.frequency = frequency
    self.load = load
    self.loadAverage = loadAverage
    self.software = software
    self.version = version
    self.system = system
  }
}
