import CelerityCore
import CelerityJSON

/// Workflows sent as tasks, as older clients do and chords whose body is a workflow. They send what they hold together with
/// their own result.
extension TaskKind {
  static let group = TaskKind(builtIn: BuiltinTask.group, summary: "Sends the tasks of a group") { context in
    let call = try BuiltInCall(context.message)
    var options: [(String, RawJSON)] = []
    if let id = call.value("group_id", at: 2)?.stringValue { options.append(("task_id", .string(id))) }
    return try send(
      context, "group", kwargs: .object([("tasks", try call.required("tasks", at: 0))]), options,
      args: call.partial(at: 3))
  }

  static let chain = TaskKind(builtIn: BuiltinTask.chain, summary: "Sends the first task of a chain") { context in
    let call = try BuiltInCall(context.message)
    return try send(
      context, "chain", kwargs: .object([("tasks", try call.required("tasks", at: 0))]), args: call.partial(at: 1))
  }

  static let chord = TaskKind(builtIn: BuiltinTask.chord, summary: "Sends the header of a chord") { context in
    let call = try BuiltInCall(context.message)
    let kwargs = RawJSON.object([
      ("header", try call.required("header", at: 0)), ("body", try call.required("body", at: 1)),
      ("kwargs", call.kwargs["kwargs"] ?? .emptyObject),
    ])
    return try send(context, "chord", kwargs: kwargs, args: call.partial(at: 2))
  }

  static let chunks = TaskKind(
    builtIn: BuiltinTask.chunks, summary: "Sends a task's items in chunks"
  ) { context in
    let call = try BuiltInCall(context.message)
    let kwargs = RawJSON.object([
      ("task", try call.required("task", at: 0)), ("it", try call.required("it", at: 1)),
      ("n", try call.required("n", at: 2)),
    ])
    return try send(context, "chunks", kwargs: kwargs)
  }

  private static func send(
    _ context: TaskContext, _ type: String, kwargs: RawJSON, _ options: [(String, RawJSON)] = [], args: [RawJSON] = []
  ) throws -> RawJSON {
    let signature = Signature(
      task: "celery.\(type)", kwargs: kwargs, options: .object(options), subtaskType: type)
    return try context.publishWithResult(signature, args: args).result.tuple
  }

  /// How backends without chords of their own send a body: ask again and again whether all members have ended.
  static let chordUnlock = TaskKind(
    builtIn: BuiltinTask.chordUnlock, summary: "Sends a chord's body when all members have ended",
    options: TaskOptions(retry: .fixed(max: .max, delay: .seconds(1)), ignoresResult: true)
  ) { context in
    let call = try BuiltInCall(context.message)
    let body = try call.signature("callback", at: 1)
    let ids = (call.kwargs["result"]?.elements() ?? []).flatMap(leaves)
    let records = try await context.port.records(ids.compactMap { TaskID($0) })
    guard records.allSatisfy({ $0?.phase == .finished }) else {
      let interval = call.value("interval", at: 2)?.doubleValue.flatMap(Duration.init(clientSeconds:))
      throw Retry(after: interval, "members of the chord are still running")
    }
    let members = records.compactMap(\.self)
    if let failed = members.first(where: { $0.state != .success }) {
      let said = failed.failure?.message ?? failed.reason ?? failed.state.rawValue
      context.submitFailure(of: body, .chord(member: failed.message.id, message: said))
    } else {
      let results = RawJSON.array(members.map { $0.result ?? .null })
      _ = try context.publishWithResult(body, args: [results])
    }
    return .null
  }

  /// Ids of the tasks in a result tuple, `[[id, parent], children]`.
  private static func leaves(_ tuple: RawJSON) -> [String] {
    guard let parts = tuple.elements() else { return tuple.stringValue.map { [$0] } ?? [] }
    if let children = parts.dropFirst().first?.elements() { return children.flatMap(leaves) }
    return (parts.first?.elements()?.first ?? parts.first)?.stringValue.map { [$0] } ?? []
  }
}
