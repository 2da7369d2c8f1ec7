import CelerityJSON

/// A signature with its members taken apart: what expansion works on.
struct CanvasNode: Sendable, Hashable {
  /// What a signature is made of.
  indirect enum Kind: Sendable, Hashable {
    /// A message of its own, `celery.map` and `celery.starmap` among them.
    case task
    case chain([CanvasNode])
    case group([CanvasNode])
    case chord(header: Header, body: CanvasNode)
  }

  /// The tasks whose results a chord's body takes.
  struct Header: Sendable, Hashable {
    var members: [CanvasNode]
    /// Options of the header where it is a group; its `task_id` is the group's id.
    var options = SignatureOptions()
    /// Keyword arguments that the chord gives to each member.
    var kwargs: [JSONMember] = []
  }

  var task: String
  var args: [RawJSON]
  var kwargs: RawJSON
  var options: SignatureOptions
  var isImmutable: Bool
  var subtaskType: String?
  var kind: Kind

  /// Deepest nesting of signatures that is expanded.
  static let depthLimit = 32

  /// Takes a signature apart.
  init(_ signature: Signature, at pointer: String = "", depth: Int = 0) throws(CanvasError) {
    guard depth < Self.depthLimit else { throw CanvasError("is nested more than \(Self.depthLimit) deep", at: pointer) }
    guard !signature.task.isEmpty else { throw CanvasError("names no task", at: pointer) }
    guard let args = signature.args.elements() else { throw CanvasError("must be an array", at: pointer + "/args") }
    guard signature.kwargs.kind == .object else { throw CanvasError("must be an object", at: pointer + "/kwargs") }
    task = signature.task
    self.args = args
    kwargs = signature.kwargs
    options = SignatureOptions(signature.options)
    isImmutable = signature.isImmutable
    subtaskType = signature.subtaskType
    kind = .task
    switch signature.subtaskType ?? Self.type(ofTask: signature.task) {
    case "chain": kind = .chain(try Self.members(kwargs["tasks"], pointer + "/kwargs/tasks", depth))
    case "group": kind = .group(try Self.members(kwargs["tasks"], pointer + "/kwargs/tasks", depth))
    case "chord": kind = try chord(pointer, depth)
    case "chunks": try becomeChunks(pointer)
    default: break  // a plain task, and what runs as one
    }
  }

  /// A signature that was made here.
  init(_ task: String, subtaskType: String?, _ kind: Kind, options: SignatureOptions = SignatureOptions()) {
    self.task = task
    self.subtaskType = subtaskType
    self.kind = kind
    self.options = options
    args = []
    kwargs = .emptyObject
    isImmutable = false
  }

  static func group(_ members: [CanvasNode], options: SignatureOptions = SignatureOptions()) -> CanvasNode {
    CanvasNode(BuiltinTask.group, subtaskType: "group", .group(members), options: options)
  }

  static func chain(_ steps: [CanvasNode]) -> CanvasNode {
    CanvasNode(BuiltinTask.chain, subtaskType: "chain", .chain(steps))
  }

  static func chord(_ header: Header, _ body: CanvasNode, options: SignatureOptions = SignatureOptions()) -> CanvasNode
  {
    CanvasNode(BuiltinTask.chord, subtaskType: "chord", .chord(header: header, body: body), options: options)
  }

  private static func type(ofTask task: String) -> String? {
    switch task {
    case BuiltinTask.chain: "chain"
    case BuiltinTask.group: "group"
    case BuiltinTask.chord: "chord"
    case BuiltinTask.chunks: "chunks"
    default: nil
    }
  }

  // MARK: Reading

  private static func members(
    _ json: RawJSON?, _ pointer: String, _ depth: Int
  ) throws(CanvasError) -> [CanvasNode] {
    guard let elements = json?.elements() else { throw CanvasError("must be an array of signatures", at: pointer) }
    var nodes: [CanvasNode] = []
    nodes.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() { nodes.append(try node(element, "\(pointer)/\(index)", depth)) }
    return nodes
  }

  private static func node(_ json: RawJSON, _ pointer: String, _ depth: Int) throws(CanvasError) -> CanvasNode {
    guard let signature = Signature(json) else { throw CanvasError("must be a signature", at: pointer) }
    return try CanvasNode(signature, at: pointer, depth: depth + 1)
  }

  private func chord(_ pointer: String, _ depth: Int) throws(CanvasError) -> Kind {
    let place = pointer + "/kwargs/header"
    guard let body = kwargs["body"], !body.isNull else {
      throw CanvasError("a chord needs a body", at: pointer + "/kwargs/body")
    }
    var header = Header(members: [], kwargs: kwargs["kwargs"]?.members() ?? [])
    if let json = kwargs["header"], json.kind == .object {
      let group = try Self.node(json, place, depth)
      if case .group(let members) = group.kind {
        header.members = members
        header.options = group.options
      } else {
        header.members = [group]
      }
    } else {
      header.members = try Self.members(kwargs["header"], place, depth)
      header.options["task_id"] = options["task_id"]
    }
    return .chord(header: header, body: try Self.node(body, pointer + "/kwargs/body", depth))
  }

  /// Chunks are sent as a group of `celery.starmap`, each with a part of the items.
  private mutating func becomeChunks(_ pointer: String) throws(CanvasError) {
    guard let task = kwargs["task"], Signature(task) != nil, let items = kwargs["it"]?.elements(),
      let size = kwargs["n"]?.int64Value, size > 0
    else { throw CanvasError("chunks need a 'task', an array 'it' and a size 'n'", at: pointer + "/kwargs") }
    let size0 = Int(clamping: size)
    var parts: [CanvasNode] = []
    for start in stride(from: 0, to: items.count, by: size0) {
      let part = RawJSON.array(Array(items[start..<min(items.count, start + size0)]))
      var node = CanvasNode(BuiltinTask.starmap, subtaskType: "xstarmap", .task)
      node.kwargs = .object([("task", task), ("it", part)])
      node.isImmutable = true
      parts.append(node)
    }
    self.task = BuiltinTask.group
    subtaskType = "group"
    isImmutable = false
    kind = .group(parts)
  }

  // MARK: Writing

  /// The signature again, with what happened to its members.
  var signature: Signature {
    Signature(
      task: task, args: .array(args), kwargs: writtenKwargs, options: options.json, subtaskType: subtaskType,
      isImmutable: isImmutable)
  }

  private var writtenKwargs: RawJSON {
    func list(_ nodes: [CanvasNode]) -> RawJSON { .array(nodes.map(\.signature.json)) }
    switch kind {
    case .task: return kwargs
    case .chain(let nodes), .group(let nodes): return .object([("tasks", list(nodes))])
    case .chord(let header, let body):
      let group = CanvasNode.group(header.members, options: header.options)
      return .object([
        ("kwargs", .object(header.kwargs.map { ($0.name, $0.value) })), ("header", group.signature.json),
        ("body", body.signature.json),
      ])
    }
  }

  /// The members of a group; `nil` for everything else.
  var groupMembers: [CanvasNode]? { if case .group(let members) = kind { members } else { nil } }

  /// Name of the task by which its queue is found: of what maps, the mapped one.
  var routedTask: String {
    guard [BuiltinTask.map, BuiltinTask.starmap].contains(task), let inner = kwargs["task"]?["task"]?.stringValue else {
      return task
    }
    return inner
  }
}

/// Names of the tasks that every worker owns, as every worker of Celery does.
public enum BuiltinTask {
  public static let group = "celery.group"
  public static let chain = "celery.chain"
  public static let chord = "celery.chord"
  public static let map = "celery.map"
  public static let starmap = "celery.starmap"
  public static let chunks = "celery.chunks"
  public static let accumulate = "celery.accumulate"
  public static let chordUnlock = "celery.chord_unlock"
  public static let backendCleanup = "celery.backend_cleanup"
  public static let ping = "celery.ping"
}
