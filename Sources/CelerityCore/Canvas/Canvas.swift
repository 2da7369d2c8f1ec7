public import CelerityJSON

/// Turns signatures into messages, as Celery's workers do (chains, groups, chords in any nesting, links, partial arguments).
///
/// Pure: time and ids are handed in. Nothing is half expanded: what can't be sent is found before anything is.
public struct Canvas {
  let context: CanvasContext
  let ids: any IDSource
  let now: Timestamp
  var submissions: [Submission] = []
  /// Groups that the next submission begins.
  var pending: [GroupDeclaration] = []

  /// An expansion at a time.
  init(_ context: CanvasContext, ids: any IDSource, now: Timestamp) {
    self.context = context
    self.ids = ids
    self.now = now
  }

  /// Calls a signature: partial arguments stand before its own, partial keyword arguments win, unless it is immutable.
  public static func publish(
    _ signature: Signature, args: [RawJSON] = [], kwargs: [JSONMember] = [], context: CanvasContext,
    ids: any IDSource, now: Timestamp
  ) throws(CanvasError) -> Publication {
    try publish(try CanvasNode(signature), args: args, kwargs: kwargs, context: context, ids: ids, now: now)
  }

  static func publish(
    _ node: CanvasNode, args: [RawJSON] = [], kwargs: [JSONMember] = [], context: CanvasContext, ids: any IDSource,
    now: Timestamp
  ) throws(CanvasError) -> Publication {
    var canvas = Canvas(context, ids: ids, now: now)
    var node = node
    if case .group(let members) = node.kind { node.kind = .group(CanvasNode.flat(members, reversingInner: false)) }
    try node.route(context.queueOf)
    try node.freeze(ids: ids)
    let child = try canvas.send(node, Call(args: args, kwargs: kwargs))
    return Publication(submissions: canvas.submissions, result: node.result, children: [child])
  }
}

extension Canvas {
  /// How a signature is called: what is given beside what it holds.
  struct Call {
    var args: [RawJSON] = []
    var kwargs: [JSONMember] = []
    /// Options that win over the stored ones.
    var options = SignatureOptions()
    /// What follows in the chain, frozen, next first.
    var rest: [CanvasNode] = []
  }

  /// Sends a frozen signature; answers what of it was sent at once.
  mutating func send(_ node: CanvasNode, _ call: Call) throws(CanvasError) -> ResultNode {
    if case .task = node.kind { return try send(task: node, call) }
    var (node, call) = (node, call)
    // A worker of Celery's hands the rest of a chain on as an option, last first.
    for signature in try node.options.signatures("chain").reversed() { call.rest.append(try CanvasNode(signature)) }
    node.options["chain"] = nil
    switch node.kind {
    case .task: return try send(task: node, call)
    case .chain(let steps): return try send(chain: node, steps, call)
    case .group(let members): return try send(group: node, members, call)
    case .chord(let header, let body): return try send(chord: node, header, body, call)
    }
  }

  private mutating func send(task node: CanvasNode, _ call: Call) throws(CanvasError) -> ResultNode {
    var submission = Submission(try message(node, call))
    submission.groups = pending
    pending = []
    submissions.append(submission)
    return ResultNode(id: submission.message.id.text)
  }

  private mutating func send(
    chain node: CanvasNode, _ steps: [CanvasNode], _ call: Call
  ) throws(CanvasError) -> ResultNode {
    var first = call
    first.args = node.called(with: call.args)
    first.options = node.options.without(CanvasNode.chainOptions).overlaid(by: call.options)
    first.rest = Array(steps.dropFirst()) + call.rest
    return try send(steps[0], first)
  }

  private mutating func send(
    group node: CanvasNode, _ members: [CanvasNode], _ call: Call
  ) throws(CanvasError) -> ResultNode {
    guard call.rest.isEmpty else {
      // What follows a group makes it a chord.
      var chain = CanvasNode.chain([node] + call.rest)
      try chain.freeze(ids: ids)
      var plain = call
      plain.rest = []
      return try send(chain, plain)
    }
    let errbacks = try node.options.signatures("link_error")
    let groupID = node.options.text("group_id") ?? node.options.text("task_id") ?? ids.next()
    var inner = Call(args: node.called(with: call.args), kwargs: call.kwargs)
    inner.options = node.options.without(CanvasNode.chainOptions).overlaid(by: call.options)
    var results: [ResultNode] = []
    for (index, member) in members.enumerated() {
      var member = member
      try member.link(errors: errbacks)
      let chord = node.options["chord"].flatMap { Signature($0) }
      try member.freeze(in: CanvasNode.Place(groupID: groupID, index: index, chord: chord), ids: ids)
      results.append(try send(member, inner))
    }
    return ResultNode(id: node.options.text("task_id") ?? groupID, members: results)
  }

  private mutating func send(
    chord node: CanvasNode, _ header: CanvasNode.Header, _ body: CanvasNode, _ call: Call
  ) throws(CanvasError) -> ResultNode {
    let groupID = header.options.text("task_id") ?? ids.next()
    let options = node.options.overlaid(by: call.options)
    let (first, rest) = try prepare(body, of: node, options, followedBy: call.rest)
    let inner = options.without(CanvasNode.chainOptions)
    guard header.members.contains(where: { $0.size > 0 }) else {
      return try send(first, Call(args: [.emptyArray], options: bodyOptions(inner), rest: rest))
    }
    let size = header.members.reduce(0) { $0 + $1.size }
    pending.append(try declaration(groupID, size, first, rest, bodyOptions(inner)))
    var place = CanvasNode.Place(groupID: groupID, chord: carried(first, rest, groupID, bodyOptions(inner)))
    var given = Call(args: node.called(with: call.args), kwargs: header.kwargs.merged(with: call.kwargs))
    given.options = header.options.without(CanvasNode.chainOptions).overlaid(by: inner)
    var results: [ResultNode] = []
    for (index, member) in header.members.enumerated() {
      var member = member
      place.index = index
      try member.freeze(in: place, ids: ids)
      results.append(try send(member, given))
    }
    return ResultNode(id: groupID, members: results)
  }
}

// MARK: Bodies

extension Canvas {
  /// The first step of a chord's body and what follows that, with what was linked to the chord.
  private func prepare(
    _ body: CanvasNode, of chord: CanvasNode, _ options: SignatureOptions, followedBy rest: [CanvasNode]
  ) throws(CanvasError) -> (CanvasNode, [CanvasNode]) {
    var body = body
    try body.link(try options.signatures("link"))
    try body.link(errors: try options.signatures("link_error"))
    var chain = CanvasNode.chain([body] + rest)
    try chain.freeze(ids: ids)
    guard case .chain(let steps) = chain.kind, let first = steps.first else {
      throw CanvasError("a chord needs a body", at: "/kwargs/body")
    }
    return (first, Array(steps.dropFirst()))
  }

  /// A chord's own delay is its header's.
  private func bodyOptions(_ options: SignatureOptions) -> SignatureOptions { options.without(["countdown", "eta"]) }

  /// The body as our stores keep it. One that is no plain task travels as a task of Celery's name for it.
  private func declaration(
    _ groupID: String, _ size: Int, _ body: CanvasNode, _ rest: [CanvasNode], _ options: SignatureOptions
  ) throws(CanvasError) -> GroupDeclaration {
    var message = try message(body, Call(options: options, rest: rest), isBody: true)
    message.kwargs = body.signature.kwargs
    return GroupDeclaration(id: groupID, size: size, body: message, passesResults: !body.isImmutable)
  }

  /// The body as Python's workers read it from each member.
  private func carried(
    _ body: CanvasNode, _ rest: [CanvasNode], _ groupID: String, _ options: SignatureOptions
  ) -> Signature {
    var body = body
    body.options = body.options.overlaid(by: options)
    if body.options["group_id"] == nil { body.options["group_id"] = .string(groupID) }
    if !rest.isEmpty { body.options["chain"] = .array(rest.reversed().map(\.signature.json)) }
    return body.signature
  }
}

extension CanvasNode {
  /// Its arguments when it is called with some more.
  func called(with more: [RawJSON]) -> [RawJSON] { isImmutable ? args : more + args }
}

extension [JSONMember] {
  /// With members over these; later ones win.
  func merged(with others: [JSONMember]) -> [JSONMember] {
    guard !others.isEmpty else { return self }
    let names = Set(others.map(\.name))
    return filter { !names.contains($0.name) } + others
  }
}
