/// A running worker as seen by whoever steers it from within its process: what it holds and does, and what it can be told.
/// Nothing here waits: a question is answered from memory although every slot is busy.
public protocol WorkerDesk: Sendable {
  /// What the worker is and does at this moment.
  func report() -> WorkerReport

  /// How much it does, for those who only want to count.
  func load() -> WorkerLoad

  /// Runs so many tasks at once from now on.
  func scale(to count: Int)

  /// Takes tasks from one queue more; one that it takes from already changes nothing.
  func add(queue: String)

  /// Takes no more tasks from a queue; what it has of them goes on.
  func remove(queue: String)

  /// Tells held tasks to end for good: they end REVOKED as `terminated`. Answers which of these it holds.
  func terminate(_ keys: Set<TaskKey>) -> Set<TaskKey>

  /// Begins at most so many tasks of a kind from now on, in this worker; `nil` takes the limit away.
  func limitRate(ofTask task: String, to rate: TaskRate?)

  /// Gives a kind of task other limits of time than its own, for what begins from now on; `nil` is no limit. What a message
  /// itself asks for still goes first.
  func limitTime(ofTask task: String, hard: Duration?, soft: Duration?)

  /// Drains and ends, as an order to stop says.
  func stop()
}

/// How much a worker does.
public struct WorkerLoad: Sendable, Hashable {
  /// Tasks whose code runs or that are about to begin.
  public var running: Int
  /// Attempts that have ended here.
  public var processed: Int

  /// A worker's load.
  public init(running: Int, processed: Int) {
    self.running = running
    self.processed = processed
  }
}

/// What a worker is and does at one moment.
public struct WorkerReport: Sendable, Hashable {
  public var name: String
  public var hostname: String
  public var pid: Int
  public var version: String
  public var startedAt: Timestamp
  public var slots: Int
  public var queues: [String]
  public var load: WorkerLoad
  /// The tasks it knows, by name.
  public var kinds: [Kind]
  /// What it holds a lease of.
  public var held: [Held]

  /// A report of a worker.
  public init(
    name: String, hostname: String, pid: Int, version: String, startedAt: Timestamp, slots: Int, queues: [String],
    load: WorkerLoad, kinds: [Kind] = [], held: [Held] = []
  ) {
    self.name = name
    self.hostname = hostname
    self.pid = pid
    self.version = version
    self.startedAt = startedAt
    self.slots = slots
    self.queues = queues
    self.load = load
    self.kinds = kinds
    self.held = held
  }

  /// A kind of task as this worker treats it at present.
  public struct Kind: Sendable, Hashable {
    public var name: String
    public var queue: String
    public var rate: TaskRate?
    public var timeLimit: Duration?
    public var softTimeLimit: Duration?
    public var maxRetries: Int?
    public var ignoresResult: Bool

    /// A kind of task by name.
    public init(
      _ name: String, queue: String = "default", rate: TaskRate? = nil, timeLimit: Duration? = nil,
      softTimeLimit: Duration? = nil, maxRetries: Int? = nil, ignoresResult: Bool = false
    ) {
      self.name = name
      self.queue = queue
      self.rate = rate
      self.timeLimit = timeLimit
      self.softTimeLimit = softTimeLimit
      self.maxRetries = maxRetries
      self.ignoresResult = ignoresResult
    }
  }

  /// A task that the worker holds.
  public struct Held: Sendable, Hashable {
    public var message: TaskMessage
    public var attempt: Int
    /// When its code began; `nil` while it is about to.
    public var started: Timestamp?

    /// A held task.
    public init(_ message: TaskMessage, attempt: Int = 1, started: Timestamp? = nil) {
      self.message = message
      self.attempt = attempt
      self.started = started
    }
  }
}

/// How often tasks of a kind may begin, with the words in which it was said.
public struct TaskRate: Sendable, Hashable {
  public var perSecond: Double
  /// `10/m`, as it was given.
  public var text: String

  /// A rate above nothing; `nil` for any other number.
  public init?(perSecond: Double, text: String) {
    guard perSecond > 0, perSecond.isFinite else { return nil }
    self.perSecond = perSecond
    self.text = text
  }

  /// The limit that keeps to it: slow rates are spaced, so that `6/m` is one every ten seconds and not six at once.
  public func permit(named name: String) -> Permit {
    if perSecond >= 10 { return Permit(name, .rate(Int(min(perSecond.rounded(), 1_000_000)), per: .seconds(1))) }
    return Permit(name, .rate(1, per: .microseconds(Int64(min(1_000_000 / perSecond, 1e15)))))
  }
}
