import CelerityJSON

extension CanvasNode {
  /// Changes the node and every signature in it: members, bodies, links, and what is carried in options.
  mutating func visit(_ change: (inout CanvasNode) -> Void) throws(CanvasError) {
    change(&self)
    switch kind {
    case .task: break
    case .chain(let nodes): kind = .chain(try Self.visited(nodes, change))
    case .group(let nodes): kind = .group(try Self.visited(nodes, change))
    case .chord(var header, var body):
      // The options of a header are those of a group.
      var group = CanvasNode.group(header.members, options: header.options)
      try group.visit(change)
      header.members = group.groupMembers ?? header.members
      header.options = group.options
      try body.visit(change)
      kind = .chord(header: header, body: body)
    }
    for name in ["link", "link_error", "chord", "chain"] where options[name] != nil {
      let isList = options[name]?.kind == .array
      let visited = try options.signatures(name).visited(change)
      if isList { options.set(name, visited) } else { options[name] = visited.first?.json }
    }
  }

  private static func visited(
    _ nodes: [CanvasNode], _ change: (inout CanvasNode) -> Void
  ) throws(CanvasError) -> [CanvasNode] {
    var visited = nodes
    for index in visited.indices { try visited[index].visit(change) }
    return visited
  }

  /// Sets the queue of every task that names none, in links too: who runs the workflow later may know less of queues.
  mutating func route(_ queue: (String) -> String?) throws(CanvasError) {
    try visit { node in
      guard case .task = node.kind, node.options["queue"] == nil, node.options["routing_key"] == nil,
        let name = queue(node.routedTask)
      else { return }
      node.options["queue"] = .string(name)
    }
  }
}

extension [Signature] {
  fileprivate func visited(_ change: (inout CanvasNode) -> Void) throws(CanvasError) -> [Signature] {
    var visited: [Signature] = []
    for signature in self {
      var node = try CanvasNode(signature)
      try node.visit(change)
      visited.append(node.signature)
    }
    return visited
  }
}

extension TaskMessage {
  /// With a queue in each signature that it carries and that names none, where one is known for its task.
  public func routed(by queue: (String) -> String?) -> TaskMessage {
    var message = self
    message.extras.change { node throws(CanvasError) in try node.route(queue) }
    return message
  }
}

extension TaskMessage.Extras {
  fileprivate mutating func change(_ change: (inout CanvasNode) throws(CanvasError) -> Void) {
    func changed(_ signature: Signature) -> Signature { signature.changed(change) }
    callbacks = callbacks?.map(changed)
    errbacks = errbacks?.map(changed)
    chain = chain?.map(changed)
    chord = chord.map(changed)
  }
}

extension Signature {
  /// With other numbers for the priorities in it and in all signatures that it holds: a wire may count the other way round.
  /// Numbers out of range and what can't be read stay as they are.
  public func mappingPriorities(_ map: (Int) -> Int) -> Signature {
    changed { node throws(CanvasError) in
      try node.visit { node in
        guard let priority = node.options["priority"]?.int64Value, (0...9).contains(priority) else { return }
        node.options["priority"] = .integer(Int64(map(Int(priority))))
      }
    }
  }

  /// As it was, to the byte, when nothing in it changes or when it can't be read.
  fileprivate func changed(_ change: (inout CanvasNode) throws(CanvasError) -> Void) -> Signature {
    guard let before = try? CanvasNode(self) else { return self }
    var node = before
    guard (try? change(&node)) != nil, node != before else { return self }
    return node.signature
  }
}
