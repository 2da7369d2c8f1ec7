import CelerityJSON

extension Canvas {
  /// What takes a running task's place under its id (Celery's `replace`): links, chord, group and the rest of the chain go over
  /// to it.
  ///
  /// Of a workflow, what comes last in it carries the id; a group is given an end that hands on the list of its results. No two
  /// calls may use the same ids, or a task that is replaced again would find its workflow done.
  public static func replacement(
    of message: TaskMessage, by signature: Signature, ids: any IDSource,
    queueOf: @escaping @Sendable (String) -> String? = { _ in nil }, now: Timestamp
  ) throws(CanvasError) -> Replacement {
    let nesting = (message.extras.replacedTaskNesting ?? 0) + 1
    var node = try CanvasNode(signature).endingInTask()
    try node.link(message.extras.callbacks ?? [])
    try node.link(errors: message.extras.errbacks ?? [])
    try node.route(queueOf)
    node.setNesting(nesting)
    try node.freeze(id: message.id.text, in: CanvasNode.Place(of: message), ids: ids)
    var rest: [CanvasNode] = []
    for step in message.extras.chain ?? [] {
      var step = try CanvasNode(step)
      // What was promised already is known by the nesting it was promised with.
      if step.options["replaced_task_nesting"] == nil { step.setNesting(nesting) }
      rest.append(step)
    }
    var canvas = Canvas(CanvasContext(childrenOf: message, queueOf: queueOf), ids: ids, now: now)
    _ = try canvas.send(node, Call(rest: rest))
    let last = try canvas.message(node.lastTask, Call(rest: rest))
    let isLone = canvas.submissions.count == 1 && canvas.submissions[0].message.id == message.id
    var replacement = isLone ? Replacement(canvas.submissions[0].message) : Replacement(last, first: canvas.submissions)
    replacement.message.extras.rootID = message.extras.rootID
    replacement.message.extras.parentID = message.extras.parentID
    return replacement
  }
}

extension CanvasNode.Place {
  /// The place of a task that was sent.
  fileprivate init(of message: TaskMessage) {
    let group = message.extras.group
    self.init(
      groupID: group?.id, index: group.flatMap { $0.index == .max ? nil : $0.index }, chord: message.extras.chord)
  }
}

extension CanvasNode {
  /// The same with one task at its end, free to take an id and a place: a group gets one behind it that gives back the list of
  /// its results, as Celery's `replace` does.
  fileprivate func endingInTask() throws(CanvasError) -> CanvasNode {
    var node = self
    node.options = options.without(Self.memberOptions)
    switch kind {
    case .task: break
    case .chain(var steps):
      guard let last = steps.popLast() else {
        throw CanvasError("a chain needs at least one task", at: "/kwargs/tasks")
      }
      node.kind = .chain(steps + [try last.endingInTask()])
    case .group(let members):
      var accumulate = CanvasNode(BuiltinTask.accumulate, subtaskType: nil, .task)
      accumulate.kwargs = .object([("index", .integer(0))])
      var chord = CanvasNode.chord(Header(members: members, options: node.options), accumulate)
      chord.args = args
      chord.isImmutable = isImmutable
      return chord
    case .chord(var header, let body):
      // A header given as a list takes the chord's id, which is to be a new one too.
      if header.options["task_id"] == options["task_id"] { header.options["task_id"] = nil }
      node.kind = .chord(header: header, body: try body.endingInTask())
    }
    return node
  }

  /// Marks everything that will be sent as replacing, so deep.
  fileprivate mutating func setNesting(_ nesting: Int) {
    options["replaced_task_nesting"] = .integer(Int64(nesting))
    switch kind {
    case .task, .group: break
    case .chain(var steps):
      for index in steps.indices { steps[index].setNesting(nesting) }
      kind = .chain(steps)
    case .chord(let header, var body):
      body.setNesting(nesting)
      kind = .chord(header: header, body: body)
    }
  }

  /// Of a frozen signature that ends in one, the task whose result is its result.
  fileprivate var lastTask: CanvasNode {
    switch kind {
    case .task, .group: self
    case .chain(let steps): steps.last?.lastTask ?? self
    case .chord(_, let body): body.lastTask
    }
  }
}
