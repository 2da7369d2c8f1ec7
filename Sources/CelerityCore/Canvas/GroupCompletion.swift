public import CelerityJSON

/// How a member of a group ended.
public struct GroupMember: Sendable, Hashable {
  public var id: TaskID
  public var state: TaskState
  public var result: RawJSON?
  /// What is said of it where it did not succeed.
  public var message: String?

  /// The end of a member.
  public init(id: TaskID, state: TaskState, result: RawJSON? = nil, message: String? = nil) {
    self.id = id
    self.state = state
    self.result = result
    self.message = message
  }
}

extension GroupDeclaration {
  /// What is sent when all members have ended: the body with the results, or with the failure of the first member by place
  /// that did not succeed. A body that is itself a group or a chord is sent as its members.
  ///
  /// - Parameters:
  ///   - members: in the order of their places.
  ///   - last: the member that ended last: the body's parent.
  public func completion(_ members: [GroupMember], last: TaskRecord?, now: Timestamp) -> [Submission] {
    guard var body else { return [] }
    if body.extras.parentID == nil { body.extras.parentID = last?.message.id.text }
    if body.extras.rootID == nil { body.extras.rootID = last?.message.extras.rootID ?? last?.message.id.text }
    if let failed = members.first(where: { $0.state != .success }) {
      let failure = TaskFailure.chord(member: failed.id, message: failed.message ?? failed.state.rawValue)
      return [Submission(body, failure: failure)]
    }
    let results = RawJSON.array(members.map { $0.result ?? .null })
    return body.opened(with: passesResults ? [results] : [], now: now)
  }
}

extension Signature {
  /// What is sent when a chord is complete whose publisher put this body into each member, as Python's do.
  ///
  /// - Parameters:
  ///   - groupID: the header's id.
  ///   - last: the member that ended last: where the body is sent from.
  public func completion(
    ofGroup groupID: String, _ members: [GroupMember], last: TaskRecord, now: Timestamp
  ) -> [Submission] {
    let ids = DerivedIDs("\(last.message.tenant)/\(groupID)/body")
    var context = CanvasContext(childrenOf: last.message)
    context.stamps = [:]
    do {
      if let failed = members.first(where: { $0.state != .success }) {
        let failure = TaskFailure.chord(member: failed.id, message: failed.message ?? failed.state.rawValue)
        return try failing(with: failure, context: context, ids: ids, now: now)
      }
      let results = RawJSON.array(members.map { $0.result ?? .null })
      return try Canvas.publish(self, args: [results], context: context, ids: ids, now: now).submissions
    } catch {
      return (try? failing(with: error.failure, context: context, ids: ids, now: now)) ?? []
    }
  }

  /// The body of a chord recorded as failed, by a task that saw to the chord.
  public func failed(
    with failure: TaskFailure, childOf message: TaskMessage, ids: any IDSource, now: Timestamp
  ) -> [Submission] {
    (try? failing(with: failure, context: CanvasContext(childrenOf: message), ids: ids, now: now)) ?? []
  }

  /// The body recorded as failed; what hangs on it follows from its record.
  private func failing(
    with failure: TaskFailure, context: CanvasContext, ids: any IDSource, now: Timestamp
  ) throws(CanvasError) -> [Submission] {
    var chain = CanvasNode.chain([try CanvasNode(self)])
    try chain.freeze(ids: ids)
    guard case .chain(let steps) = chain.kind, let first = steps.first else { return [] }
    let canvas = Canvas(context, ids: ids, now: now)
    let call = Canvas.Call(rest: Array(steps.dropFirst()))
    var message = try canvas.message(first, call)
    message.kwargs = first.signature.kwargs
    return [Submission(message, failure: failure)]
  }
}

extension TaskMessage {
  /// The message with arguments before its own; what it holds instead, where it stands for a group or a chord.
  func opened(with args: [RawJSON], now: Timestamp) -> [Submission] {
    var message = self
    if !args.isEmpty { message.args = .array(args + (self.args.elements() ?? [])) }
    guard Continuation.wrappers.contains(task), var node = CanvasNode(wrappedIn: self) else {
      return [Submission(message)]
    }
    var context = CanvasContext(childrenOf: self)
    context.rootID = extras.rootID
    context.parentID = extras.parentID
    context.stamps = [:]
    node.options["link"] = extras.callbacks.map { .array($0.map(\.json)) }
    node.options["link_error"] = extras.errbacks.map { .array($0.map(\.json)) }
    node.options["chain"] = extras.chain.map { .array($0.reversed().map(\.json)) }
    node.options["task_id"] = .string(id.text)
    do {
      let ids = DerivedIDs("\(key)/members")
      return try Canvas.publish(node, args: args, context: context, ids: ids, now: now).submissions
    } catch {
      return [Submission(message, failure: error.failure)]
    }
  }
}
