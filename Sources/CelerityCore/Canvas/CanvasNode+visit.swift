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
      header.members = try Self.visited(header.members, change)
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
  /// With other numbers for the priorities in all signatures that are carried: a wire may count the other way round. Numbers
  /// out of range and what can't be read stay as they are.
  public func mappingPriorities(_ map: (Int) -> Int) -> TaskMessage.Extras {
    var extras = self
    extras.change { node throws(CanvasError) in
      try node.visit { node in
        guard let priority = node.options["priority"]?.int64Value, (0...9).contains(priority) else { return }
        node.options["priority"] = .integer(Int64(map(Int(priority))))
      }
    }
    return extras
  }

  fileprivate mutating func change(_ change: (inout CanvasNode) throws(CanvasError) -> Void) {
    func changed(_ signature: Signature) -> Signature {
      guard var node = try? CanvasNode(signature), (try? change(&node)) != nil else { return signature }
      return node.signature
    }
    callbacks = callbacks?.map(changed)
    errbacks = errbacks?.map(changed)
    chain = chain?.map(changed)
    chord = chord.map(changed)
  }
}
