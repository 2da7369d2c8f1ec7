public import CelerityJSON

/// What is to be done: a superset of Celery's task message, protocol 2. A value; nothing in it changes while a task
/// waits. Arguments are validated JSON text that is carried untouched from the border to the running code.
public struct TaskMessage: Sendable, Hashable {
  public var id: TaskID
  public var tenant: Tenant
  /// Name of the task, as in the registry of the workers.
  public var task: String
  public var queue: String
  /// Positional arguments, a JSON array.
  public var args: RawJSON
  /// Keyword arguments, a JSON object.
  public var kwargs: RawJSON
  public var priority: Priority?
  /// Not to be started before.
  public var eta: Timestamp?
  /// Not to be started after: REVOKED with reason `expired`.
  public var expires: Timestamp?
  /// How many retries have happened, as Celery counts (0 at first).
  public var retries: Int
  /// What most messages leave empty; apart, so that stores can leave it out.
  public var extras: Extras

  /// A message; the ids of a workflow default to the task's own.
  public init(
    id: TaskID, task: String, queue: String = "default", args: RawJSON = .emptyArray, kwargs: RawJSON = .emptyObject,
    tenant: Tenant = .default, priority: Priority? = nil, eta: Timestamp? = nil, expires: Timestamp? = nil,
    retries: Int = 0, extras: Extras = Extras()
  ) {
    self.id = id
    self.tenant = tenant
    self.task = task
    self.queue = queue
    self.args = args
    self.kwargs = kwargs
    self.priority = priority
    self.eta = eta
    self.expires = expires
    self.retries = retries
    self.extras = extras
  }

  /// The task's key in a store.
  public var key: TaskKey { TaskKey(id, tenant: tenant) }

  /// The key of its queue in a store.
  public var queueKey: QueueKey { QueueKey(queue, tenant: tenant) }

  /// Whether two messages ask for the same work: what decides if a repeated id is a repeated request or a conflict. The
  /// queue is where work waits and not what it is: an operator may have moved the task since.
  public func asksForSameWork(as other: TaskMessage) -> Bool {
    task == other.task && args == other.args && kwargs == other.kwargs
  }
}

extension TaskMessage {
  /// The rarely used part of a message. Names on the wire are Celery's where Celery has the thing.
  public struct Extras: Sendable, Hashable, Codable {
    /// How often the task may be retried; `nil` leaves it to the task's own policy.
    public var maxRetries: Int?
    /// Seconds until the running code is told to stop.
    public var softTimeLimit: Double?
    /// Seconds until the attempt is ended.
    public var timeLimit: Double?
    public var rootID: String?
    public var parentID: String?
    public var group: GroupMembership?
    /// Called with the result after success.
    public var callbacks: [Signature]?
    /// Called with the task's id after failure.
    public var errbacks: [Signature]?
    /// What follows, next first (Celery's wire holds it last first).
    public var chain: [Signature]?
    /// Body of the chord this task is a member of.
    public var chord: Signature?
    public var ignoreResult: Bool?
    public var tags: [String]?
    /// Name to show instead of the task's own.
    public var shadow: String?
    public var origin: String?
    public var replyTo: String?
    /// The request that led to the task, `X-Request-ID`; handed on to what it submits.
    public var requestID: String?
    public var traceparent: String?
    public var tracestate: String?
    public var replacedTaskNesting: Int?
    public var stampedHeaders: [String]?
    public var stamps: [String: RawJSON]?
    /// Headers of the user's own and any we do not know: carried along on retry.
    public var headers: [String: RawJSON]?

    /// Nothing out of the ordinary.
    public init() {}

    /// Whether nothing is set.
    public var isEmpty: Bool { self == Extras() }

    enum CodingKeys: String, CodingKey {
      case maxRetries = "max_retries"
      case softTimeLimit = "soft_time_limit"
      case timeLimit = "time_limit"
      case rootID = "root_id"
      case parentID = "parent_id"
      case group, callbacks, errbacks, chain, chord
      case ignoreResult = "ignore_result"
      case tags, shadow, origin
      case replyTo = "reply_to"
      case requestID = "request_id"
      case traceparent, tracestate
      case replacedTaskNesting = "replaced_task_nesting"
      case stampedHeaders = "stamped_headers"
      case stamps, headers
    }
  }

  /// A task's place in a group.
  public struct GroupMembership: Sendable, Hashable, Codable {
    public var id: String
    /// Position among the members, which orders a chord's results.
    public var index: Int

    /// Member number `index` of a group.
    public init(id: String, index: Int) {
      self.id = id
      self.index = index
    }
  }
}
