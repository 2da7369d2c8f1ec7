public import CelerityCore
public import CelerityJSON

/// A task's state as Celery's result backends keep it and as `AsyncResult` reads it. Values are kept byte for byte.
public struct ResultMeta: Sendable, Hashable {
  public var id: String
  /// Celery's word, custom states included.
  public var status: String
  /// The value, the exception, or what a custom state carries.
  public var result: RawJSON
  public var traceback: String?
  /// Result tuples of what the task has published, see `childResults`; `nil` when stored without a request.
  public var children: RawJSON?
  /// Only for ended tasks.
  public var dateDone: Timestamp?
  public var groupID: String?
  public var parentID: String?
  /// What `result_extended` adds.
  public var request: Request?

  /// A record of a task.
  public init(
    id: String, status: String, result: RawJSON = .null, traceback: String? = nil, children: RawJSON? = .emptyArray,
    dateDone: Timestamp? = nil, groupID: String? = nil, parentID: String? = nil, request: Request? = nil
  ) {
    self.id = id
    self.status = status
    self.result = result
    self.traceback = traceback
    self.children = children
    self.dateDone = dateDone
    self.groupID = groupID
    self.parentID = parentID
    self.request = request
  }

  /// What a task was asked to do and who did it (Celery's setting `result_extended`).
  public struct Request: Sendable, Hashable {
    public var name: String?
    public var args: RawJSON?
    public var kwargs: RawJSON?
    /// The worker's nodename.
    public var worker: String?
    public var retries: Int?
    /// The queue, by its routing key.
    public var queue: String?
    /// Names of stamps; their values stand beside all other members of the record.
    public var stampedHeaders: [String]?
    public var stamps: [String: RawJSON]

    /// Nothing told.
    public init() { stamps = [:] }

    /// What a record tells.
    public init(_ record: TaskRecord) {
      let message = record.message
      self.init()
      name = message.task
      args = message.args
      kwargs = message.kwargs
      worker = record.worker
      retries = message.retries
      queue = KombuQueue.wireName(message.queueKey)
      stampedHeaders = message.extras.stampedHeaders
      stamps = (message.extras.stamps ?? [:]).filter { stampedHeaders?.contains($0.key) == true }
    }
  }

  /// What the task has published, as values. Elements that are no results are left out.
  public var childResults: [ResultTuple] {
    get { (children?.elements() ?? []).compactMap { ResultTuple($0) } }
    set { children = .array(newValue.map(\.json)) }
  }

  /// The failure that it tells of, when it does.
  public var failure: TaskFailure? {
    isException ? WireException.failure(result, traceback: traceback) : nil
  }

  /// Whether the result is an exception (celery.states, `EXCEPTION_STATES`).
  public var isException: Bool { ["FAILURE", "RETRY", "REVOKED"].contains(status) }

  /// Whether nothing more is to come (celery.states, `READY_STATES`); custom states never are.
  public var isReady: Bool { ["SUCCESS", "FAILURE", "REVOKED"].contains(status) }
}
