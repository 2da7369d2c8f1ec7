import CelerityJSON

/// What follows the end of a task: its callbacks and the rest of its chain after success, the failure of that rest and the
/// errbacks otherwise.
///
/// **Stores call this themselves**, in the transaction in which a record reaches `finished`, and submit what it says: then
/// nothing hangs, whoever ends a task (a worker, a cancellation, an expiry, a purge, poison, a failed chord). The worker sends
/// nothing of it. Ids follow from the record, so that a transaction that is tried again sends the same.
/// `docs/decisions/0010-what-follows-an-end-is-sent-by-the-store.md` says why.
///
/// A store does three things:
/// 1. wherever a record becomes finished (a transition, a submission with a failure), after its group has counted it, it
///    submits `Continuation(of: record).submissions`, without asking for a limit of depth;
/// 2. when a group is complete it submits `GroupDeclaration.completion(_:last:now:)` instead of the body itself;
/// 3. it declares all of `Submission.groups`.
public struct Continuation: Sendable, Hashable {
  /// To be submitted in this order.
  public var submissions: [Submission] = []
  /// What was sent, Celery's `children` of the record.
  public var children: [ResultNode] = []

  /// What follows the end of a record; nothing while it has not ended.
  public init(of record: TaskRecord) {
    let extras = record.message.extras
    guard record.phase == .finished, let now = record.finished else { return }
    let isWrapped = Self.wrappers.contains(record.message.task)
    guard isWrapped || extras.callbacks != nil || extras.errbacks != nil || extras.chain != nil else { return }
    var follower = Follower(record, now: now)
    switch record.state {
    case .success:
      follower.call(extras.callbacks ?? [], with: record.result ?? .null)
      follower.goOn(with: extras.chain ?? [], record.result ?? .null)
    case .failure, .revoked:
      let failure = record.endingFailure ?? .revoked(nil)
      if isWrapped { follower.fail(wrapped: record.message, failure) }
      follower.fail(extras.chain ?? [], failure)
      // As in Celery, a revoked task calls no errbacks.
      if record.state == .failure { follower.call(errbacks: extras.errbacks ?? []) }
    case .pending, .received, .started, .progress, .retry: break
    }
    submissions = follower.submissions
    children = follower.children
  }

  /// Tasks that stand for the groups and chords they hold.
  static let wrappers: Set<String> = [BuiltinTask.group, BuiltinTask.chord]
}

/// Works out what follows.
private struct Follower {
  let context: CanvasContext
  let id: TaskID
  let now: Timestamp
  let ids: DerivedIDs
  var submissions: [Submission] = []
  var children: [ResultNode] = []

  init(_ record: TaskRecord, now: Timestamp) {
    context = CanvasContext(childrenOf: record.message)
    id = record.message.id
    self.now = now
    ids = DerivedIDs("\(record.key)/\(record.generation)")
  }

  // MARK: After success

  /// Each group is called by itself; of the others several are one new group.
  mutating func call(_ callbacks: [Signature], with result: RawJSON) {
    var plain: [CanvasNode] = []
    for callback in callbacks {
      do {
        let node = try CanvasNode(callback)
        if node.groupMembers == nil { plain.append(node) } else { try send(node, [result]) }
      } catch {
        fail(callback, error.failure)
      }
    }
    let one = plain.count > 1 ? CanvasNode.group(plain) : plain.first
    guard let one else { return }
    do {
      try send(one, [result])
    } catch {
      for callback in callbacks { fail(callback, error.failure) }
    }
  }

  mutating func goOn(with chain: [Signature], _ result: RawJSON) {
    guard !chain.isEmpty else { return }
    do {
      var steps: [CanvasNode] = []
      for signature in chain { steps.append(try CanvasNode(signature)) }
      try send(.chain(steps), [result])
    } catch {
      fail(chain, error.failure)
    }
  }

  private mutating func send(_ node: CanvasNode, _ args: [RawJSON]) throws(CanvasError) {
    let publication = try Canvas.publish(node, args: args, context: context, ids: ids, now: now)
    submissions += publication.submissions
    children += publication.children
  }

  // MARK: After a failure

  /// All errbacks are one group, each called with the id of what failed.
  mutating func call(errbacks: [Signature]) {
    guard !errbacks.isEmpty else { return }
    var nodes: [CanvasNode] = []
    for errback in errbacks {
      do {
        nodes.append(try CanvasNode(errback))
      } catch {
        fail(errback, error.failure)
      }
    }
    do {
      try send(.group(nodes), [.string(id.text)])
    } catch {
      for errback in errbacks { fail(errback, error.failure) }
    }
  }

  /// Records the failure under the ids of what can't follow any more, so that who waits for one of them learns of it. A
  /// member of a chord counts there.
  mutating func fail(_ chain: [Signature], _ failure: TaskFailure) {
    for signature in chain { fail(signature, failure) }
  }

  private mutating func fail(_ signature: Signature, _ failure: TaskFailure) {
    if let node = try? CanvasNode(signature) {
      fail(node, failure, callsErrbacks: false)
    } else if let id = SignatureOptions(signature.options).text("task_id").flatMap(TaskID.init) {
      // Unreadable, but somebody may wait for its id.
      var message = TaskMessage(
        id: id, task: signature.task.isEmpty ? BuiltinTask.chain : signature.task, queue: context.queue,
        tenant: context.tenant)
      message.extras.rootID = context.rootID
      message.extras.parentID = context.parentID
      submissions.append(Submission(message, failure: failure))
    }
  }

  /// What a group or chord holds that was to be sent as one task: its members fail, and call their own errbacks.
  mutating func fail(wrapped message: TaskMessage, _ failure: TaskFailure) {
    guard let node = CanvasNode(wrappedIn: message) else { return }
    fail(node, failure, callsErrbacks: true)
  }

  private mutating func fail(_ node: CanvasNode, _ failure: TaskFailure, callsErrbacks: Bool) {
    switch node.kind {
    case .chain(let steps):
      for step in steps { fail(step, failure, callsErrbacks: callsErrbacks) }
    case .group(let members):
      for member in members { fail(member, failure, callsErrbacks: callsErrbacks) }
    case .chord(_, let body):
      // The header is not what anything waits for.
      fail(body, failure, callsErrbacks: callsErrbacks)
    case .task:
      // Who has no id is known to nobody, unless a chord counts on it.
      guard node.options["task_id"] != nil || node.options["chord"] != nil || node.options["group_id"] != nil else {
        return
      }
      let canvas = Canvas(context, ids: ids, now: now)
      guard var message = try? canvas.message(node, Canvas.Call()) else { return }
      message.extras.callbacks = nil
      if !callsErrbacks { message.extras.errbacks = nil }
      submissions.append(Submission(message, failure: failure))
      return
    }
    // What follows a body.
    fail((try? node.options.signatures("chain")) ?? [], failure)
  }
}

extension CanvasNode {
  /// The group or chord that a message of Celery's name for it holds.
  init?(wrappedIn message: TaskMessage) {
    let type = message.task == BuiltinTask.group ? "group" : "chord"
    let signature = Signature(
      task: message.task, args: message.args, kwargs: message.kwargs, options: .emptyObject, subtaskType: type)
    guard let node = try? CanvasNode(signature) else { return nil }
    self = node
  }
}
