import CelerityJSON

extension CanvasNode {
  /// The place that a signature takes in something around it.
  struct Place: Sendable {
    var groupID: String?
    var index: Int?
    /// The body that counts it.
    var chord: Signature?

    static let none = Place()
  }

  /// Gives ids to everything that will have a result, so that clients know them before anything has run. What has an id
  /// keeps it: freezing again changes nothing.
  mutating func freeze(id: String? = nil, in place: Place = .none, ids: any IDSource) throws(CanvasError) {
    switch kind {
    case .task:
      if options["task_id"] == nil { options["task_id"] = .string(id ?? ids.next()) }
      take(place)
    case .chain:
      var steps = try Self.steps(of: self)
      guard let last = steps.indices.last else {
        throw CanvasError("a chain needs at least one task", at: "/kwargs/tasks")
      }
      for index in steps.indices where index != last { try steps[index].freeze(ids: ids) }
      steps[last].take(memberOptionsOf: self)
      try steps[last].freeze(id: id, in: place, ids: ids)
      kind = .chain(steps)
      options = options.without(["link", "link_error"])
      options["task_id"] = steps[last].options["task_id"]
    case .group(let members):
      if options["task_id"] == nil { options["task_id"] = .string(id ?? ids.next()) }
      take(place)
      var flat = Self.flat(members, reversingInner: true)
      for index in flat.indices {
        try flat[index].freeze(in: Place(groupID: place.groupID, index: index, chord: place.chord), ids: ids)
      }
      kind = .group(flat)
    case .chord(var header, var body):
      header.members = Self.flat(header.members, reversingInner: true)
      let groupID = header.options["task_id"] ?? .string(ids.next())
      header.options["task_id"] = groupID
      for index in header.members.indices { try header.members[index].freeze(in: Place(index: index), ids: ids) }
      try freezeBody(&body, id: id, in: place, ids: ids)
      kind = .chord(header: header, body: body)
      options["task_id"] = groupID
    }
  }

  /// A chord's id and place are its body's.
  private mutating func freezeBody(
    _ body: inout CanvasNode, id: String?, in place: Place, ids: any IDSource
  ) throws(CanvasError) {
    if body.options["task_id"] == nil, case .chord(let header, _) = kind,
      options["task_id"] != header.options["task_id"]
    {
      body.options["task_id"] = options["task_id"]
    }
    for name in ["group_id", "group_index", "chord"] where body.options[name] == nil {
      body.options[name] = options[name]
    }
    options = options.without(["group_id", "group_index", "chord"])
    try body.freeze(id: id, in: place, ids: ids)
  }

  private mutating func take(_ place: Place) {
    if let groupID = place.groupID, options["group_id"] == nil { options["group_id"] = .string(groupID) }
    if let index = place.index { options["group_index"] = .integer(Int64(index)) }
    if let chord = place.chord { options["chord"] = chord.json }
  }

  /// The results of a frozen signature.
  var result: ResultNode {
    switch kind {
    case .task: return ResultNode(id: options.text("task_id") ?? "")
    case .chain(let steps):
      var result: ResultNode?
      for step in steps { result = step.result.following(result) }
      return result ?? ResultNode(id: options.text("task_id") ?? "")
    case .group(let members):
      return ResultNode(id: options.text("task_id") ?? "", members: members.map(\.result))
    case .chord(let header, let body):
      let group = ResultNode(id: header.options.text("task_id") ?? "", members: header.members.map(\.result))
      return body.result.following(group)
    }
  }
}
