public import CelerityCore
public import CelerityJSON

/// A result as a value, as Celery keeps it in `children`, in saved groups and as the result of a task that returned one
/// (celery.result, `as_tuple`): `[[id, parent], null]` for a task, `[[group id, parent], [members…]]` for a group.
public struct ResultTuple: Sendable, Hashable {
  public var id: String
  /// The members of a group; `nil` for a task.
  public var members: [ResultTuple]?
  /// A list of at most one, because a struct can't hold itself.
  private var parents: [ResultTuple]

  /// What it followed in a chain.
  public var parent: ResultTuple? {
    get { parents.first }
    set { parents = newValue.map { [$0] } ?? [] }
  }

  /// The result of a task, or of a group when there are members.
  public init(_ id: String, parent: ResultTuple? = nil, members: [ResultTuple]? = nil) {
    self.id = id
    self.members = members
    parents = parent.map { [$0] } ?? []
  }

  /// The result of a task that was sent.
  public init(_ id: TaskID) { self.init(id.text) }

  /// As Python's `as_tuple` writes it.
  public var json: RawJSON {
    .array([
      .array([.string(id), parent?.json ?? .null]), members.map { .array($0.map(\.json)) } ?? .null,
    ])
  }

  /// Reads what Python's `result_from_tuple` reads; `nil` when it is none.
  public init?(_ json: RawJSON) { self.init(json, depth: 0) }

  private init?(_ json: RawJSON, depth: Int) {
    guard depth < 64, let parts = json.elements(), parts.count == 2 else { return nil }
    // Old clients have the id alone in the first place.
    let names = parts[0].elements() ?? [parts[0]]
    guard let id = names.first?.stringValue else { return nil }
    var parent: ResultTuple?
    if names.count > 1, !names[1].isNull {
      parent = names[1].stringValue.map { ResultTuple($0) } ?? ResultTuple(names[1], depth: depth + 1)
    }
    self.init(id, parent: parent)
    guard let nodes = parts[1].elements() else { return }
    var members: [ResultTuple] = []
    for node in nodes {
      guard let member = ResultTuple(node, depth: depth + 1) else { return nil }
      members.append(member)
    }
    self.members = members
  }
}

extension ResultTuple {
  /// What is kept of a group under `celery-taskset-meta-<group id>`.
  public var savedGroup: RawJSON { .object([("result", json)]) }

  /// Reads a saved group; `nil` when it is none.
  public init?(savedGroup json: RawJSON) {
    guard let result = json["result"], let tuple = ResultTuple(result), tuple.members != nil else { return nil }
    self = tuple
  }
}
