import CelerityJSON

extension TaskMessage {
  /// The message of a task that will follow this one, as far as it is known before: without what will be put before its
  /// arguments. Looks into the rest of the chain, the body of the chord and links, at any depth.
  public func promised(_ id: TaskID, now: Timestamp) -> TaskMessage? {
    let following = (extras.chain ?? []) + (extras.chord.map { [$0] } ?? []) + (extras.callbacks ?? [])
    var budget = 10_000
    guard let node = Self.find(id.text, in: following.compactMap { try? CanvasNode($0) }, &budget) else { return nil }
    var context = CanvasContext(childrenOf: self)
    context.parentID = nil
    return try? Canvas(context, ids: DerivedIDs(id.text), now: now).message(node, Canvas.Call())
  }

  private static func find(_ id: String, in nodes: [CanvasNode], _ budget: inout Int) -> CanvasNode? {
    for node in nodes {
      budget -= 1
      guard budget > 0 else { return nil }
      if case .task = node.kind, node.options.text("task_id") == id { return node }
      let inner: [CanvasNode] =
        switch node.kind {
        case .task: []
        case .chain(let steps): steps
        case .group(let members): members
        case .chord(let header, let body): header.members + [body]
        }
      if let found = find(id, in: inner, &budget) { return found }
      let carried = ["chord", "chain"].flatMap { (try? node.options.signatures($0)) ?? [] }
      if let found = find(id, in: carried.compactMap { try? CanvasNode($0) }, &budget) { return found }
    }
    return nil
  }
}
