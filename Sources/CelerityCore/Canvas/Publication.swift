public import CelerityJSON

/// Results as Celery nests them: a task with what came before it, a group with its members.
public struct ResultNode: Sendable, Hashable {
  /// Id of the task or of the group.
  public var id: String
  /// The members of a group; `nil` for a task.
  public var members: [ResultNode]?
  /// What it follows, at most one.
  private var before: [ResultNode] = []

  /// A result, with its members where it is a group's.
  public init(id: String, members: [ResultNode]? = nil) {
    self.id = id
    self.members = members
  }

  /// The result that this one follows.
  public var parent: ResultNode? { before.first }

  /// Ids of all tasks in it: a group's members, without what came before.
  public var taskIDs: [String] { members.map { $0.flatMap(\.taskIDs) } ?? [id] }

  /// Celery's tuple: `[[id, parent], children]`.
  public var tuple: RawJSON {
    .array([
      .array([.string(id), parent?.tuple ?? .null]), members.map { .array($0.map(\.tuple)) } ?? .null,
    ])
  }

  /// With another result before its first one.
  func following(_ result: ResultNode?) -> ResultNode {
    guard let result else { return self }
    var node = self
    node.before = [parent?.following(result) ?? result]
    return node
  }
}

/// What a signature became.
public struct Publication: Sendable, Hashable {
  /// To be submitted together, in this order.
  public var submissions: [Submission] = []
  /// The result a client waits for: the last task's, or a group's.
  public var result: ResultNode
  /// What was sent at once: Celery's `children` of the task that sent it.
  public var children: [ResultNode] = []
}

/// What expansion needs to know of where a signature is sent from.
public struct CanvasContext: Sendable {
  public var tenant: Tenant
  /// The first task of the workflow; `nil` where this begins one.
  public var rootID: String?
  /// The task that sends.
  public var parentID: String?
  /// Taken by what names no queue and has none of its own.
  public var queue: String
  /// The queue of a task by its name, written into every signature that names none.
  public var queueOf: @Sendable (String) -> String?
  public var requestID: String?
  public var traceparent: String?
  public var tracestate: String?
  /// Stamps that what is sent inherits.
  public var stamps: [String: RawJSON]

  /// A context of a workflow's begin.
  public init(
    tenant: Tenant = .default, queue: String = "default",
    queueOf: @escaping @Sendable (String) -> String? = { _ in nil }
  ) {
    self.tenant = tenant
    self.queue = queue
    self.queueOf = queueOf
    stamps = [:]
  }

  /// A context of what a task sends: its children.
  public init(childrenOf message: TaskMessage, queueOf: @escaping @Sendable (String) -> String? = { _ in nil }) {
    self.init(tenant: message.tenant, queue: message.queue, queueOf: queueOf)
    rootID = message.extras.rootID ?? message.id.text
    parentID = message.id.text
    requestID = message.extras.requestID
    traceparent = message.extras.traceparent
    tracestate = message.extras.tracestate
    stamps = message.extras.stamps ?? [:]
  }
}
