import CelerityJSON

extension CanvasNode {
  /// The steps of a chain as they are run: nested chains spliced, groups of one unrolled, a group that something follows made
  /// a chord with that as its body, bodies that are chains split after their first step (Celery's `prepare_steps`).
  static func steps(of chain: CanvasNode) throws(CanvasError) -> [CanvasNode] {
    let flat = try flattened(chain)
    let kept = flat.filter { $0.groupMembers?.isEmpty != true }
    var steps: [CanvasNode] = []  // last first
    for step in (kept.isEmpty ? Array(flat.prefix(1)) : kept).reversed() {
      if case .group(let members) = step.kind, let body = steps.popLast() {
        steps.append(try upgrade(step, members, body: body))
      } else {
        steps.append(step)
      }
    }
    return steps.reversed()
  }

  /// A group that something follows: a chord, with everything that was asked of the group asked of its header.
  private static func upgrade(
    _ group: CanvasNode, _ members: [CanvasNode], body: CanvasNode
  ) throws(CanvasError) -> CanvasNode {
    var chord = CanvasNode.chord(Header(members: members, options: group.options), body)
    chord.args = group.args
    chord.isImmutable = group.isImmutable
    return chord
  }

  private static func flattened(_ chain: CanvasNode) throws(CanvasError) -> [CanvasNode] {
    guard case .chain(let members) = chain.kind else { return [chain] }
    var flat: [CanvasNode] = []
    for member in members { flat += try spliced(member) }
    try chain.handDownLinks(to: &flat)
    return flat
  }

  private static func spliced(_ member: CanvasNode) throws(CanvasError) -> [CanvasNode] {
    switch member.kind {
    case .chain: return try flattened(member)
    case .group(let members):
      // Without knowing more, a group of one is treated as that one.
      guard members.count == 1, let only = members.first else { return [member] }
      return try spliced(only.inheriting(member))
    case .chord(let header, let body): return try splitBody(member, header, body)
    case .task: return [member]
    }
  }

  /// Options of a chain that are its own and not its first task's.
  static let chainOptions = memberOptions.union(["link", "link_error", "root_id", "parent_id"])

  /// A chord whose body is a chain: the chord with the chain's first step, and what follows as steps. Else each header
  /// member would carry the rest of the chain.
  private static func splitBody(
    _ chord: CanvasNode, _ header: Header, _ body: CanvasNode
  ) throws(CanvasError) -> [CanvasNode] {
    guard case .chain = body.kind else { return [chord] }
    var steps = try self.steps(of: body)
    guard let last = steps.indices.last else { return [chord] }
    steps[0].options = steps[0].options.overlaid(by: body.options.without(chainOptions))
    // The chain's place and id are its last step's.
    steps[last].take(memberOptionsOf: body)
    var split = chord
    split.kind = .chord(header: header, body: steps[0])
    return [split] + steps.dropFirst()
  }

  /// `link` of a chain goes to its last task, `link_error` to every one.
  private func handDownLinks(to steps: inout [CanvasNode]) throws(CanvasError) {
    guard !steps.isEmpty else { return }
    let links = try options.signatures("link")
    let errbacks = try options.signatures("link_error")
    if !links.isEmpty { try steps[steps.count - 1].link(links) }
    if !errbacks.isEmpty {
      for index in steps.indices { try steps[index].link(errors: errbacks) }
    }
  }

  /// Calls signatures with this one's result. A chord's are its body's; a group has none of its own.
  mutating func link(_ signatures: [Signature]) throws(CanvasError) {
    guard !signatures.isEmpty else { return }
    switch kind {
    case .task, .chain: try options.add(signatures, to: "link")
    case .group: throw CanvasError("a group has no result to link to; use a chord", at: "/options/link")
    case .chord(let header, var body):
      try body.link(signatures)
      kind = .chord(header: header, body: body)
    }
  }

  /// Calls signatures when this one fails: each member of a group, and a chord's body.
  mutating func link(errors signatures: [Signature]) throws(CanvasError) {
    guard !signatures.isEmpty else { return }
    switch kind {
    case .task, .chain: try options.add(signatures, to: "link_error")
    case .group(var members):
      for index in members.indices { try members[index].link(errors: signatures) }
      kind = .group(members)
    case .chord(let header, var body):
      try body.link(errors: signatures)
      kind = .chord(header: header, body: body)
    }
  }

  /// Options by which a signature belongs to something around it.
  static let memberOptions: Set<String> = ["task_id", "group_id", "group_index", "chord"]

  /// Takes over the id and the place of a signature that ends with this one, where this one has none.
  mutating func take(memberOptionsOf other: CanvasNode) {
    for name in ["task_id", "group_id", "group_index", "chord"] where options[name] == nil {
      options[name] = other.options[name]
    }
  }

  /// The members of a group with nested groups laid flat. In the header of a chord Celery pushes an inner group's members
  /// to the front of what is left one by one, which reverses them: places must agree with Python's.
  static func flat(_ members: [CanvasNode], reversingInner: Bool) -> [CanvasNode] {
    var flat: [CanvasNode] = []
    for member in members {
      switch member.kind {
      case .group(let inner):
        let inner = inner.map { $0.inheriting(member) }
        flat += Self.flat(reversingInner ? inner.reversed() : inner, reversingInner: reversingInner)
      case .chain(let steps) where steps.isEmpty: continue
      case .chain, .chord, .task: flat.append(member)
      }
    }
    return flat
  }

  /// With the partial arguments of a group around it.
  private func inheriting(_ group: CanvasNode) -> CanvasNode {
    guard !group.args.isEmpty, !isImmutable else { return self }
    var member = self
    member.args = group.args + args
    return member
  }

  /// How many ends count toward a chord that this is a header member of.
  var size: Int {
    switch kind {
    case .task: 1
    case .group(let members): members.reduce(0) { $0 + $1.size }
    case .chain(let steps): steps.reversed().lazy.map(\.size).first { $0 > 0 } ?? 0
    case .chord(_, let body): body.size
    }
  }
}
