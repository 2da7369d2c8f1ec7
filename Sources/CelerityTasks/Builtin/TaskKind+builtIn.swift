import CelerityCore
import CelerityJSON

extension TaskKind {
  /// The tasks that every worker owns, by the names and with the arguments that Celery's clients give them.
  static let builtIn: [String: TaskKind] = Dictionary(
    [ping, backendCleanup, accumulate, map, starmap, chunks, group, chain, chord, chordUnlock].map { ($0.name, $0) }
  ) { first, _ in first }

  private static let ping = TaskKind(builtIn: BuiltinTask.ping, summary: "Answers pong") { _ in .string("pong") }

  /// What has expired is forgotten by whoever leads; there is nothing left to do.
  private static let backendCleanup = TaskKind(
    builtIn: BuiltinTask.backendCleanup, summary: "Does nothing: expired results are forgotten without it"
  ) { _ in .null }

  /// What Celery appends to a group that takes a task's place.
  private static let accumulate = TaskKind(
    builtIn: BuiltinTask.accumulate, summary: "Gives back its arguments, or the one at an index"
  ) { context in
    let call = try BuiltInCall(context.message)
    guard let index = call.kwargs["index"], !index.isNull else { return context.message.args }
    guard let place = index.int64Value, call.args.indices.contains(Int(clamping: place)) else {
      throw TaskFailure(type: "IndexError", module: "builtins", message: "tuple index out of range")
    }
    return call.args[Int(place)]
  }

  private static let map = TaskKind(
    builtIn: BuiltinTask.map, summary: "Runs a task's code for each item in turn"
  ) { context in
    try await each(context) { [$0] }
  }

  private static let starmap = TaskKind(
    builtIn: BuiltinTask.starmap, summary: "Runs a task's code for each list of arguments in turn"
  ) { context in
    try await each(context) { item throws(TaskFailure) in
      guard let args = item.elements() else { throw .badArguments("each item must be a list of arguments") }
      return args
    }
  }

  /// Runs the named task's code here, once per item; it reports and logs as this task.
  private static func each(
    _ context: TaskContext, _ args: (RawJSON) throws(TaskFailure) -> [RawJSON]
  ) async throws -> RawJSON {
    let call = try BuiltInCall(context.message)
    let task = try call.signature("task", at: 0)
    guard let items = call.value("it", at: 1)?.elements() else { throw TaskFailure.badArguments("'it' must be a list") }
    guard let kind = context.registry.runnable(task.task) else { throw TaskFailure.notRegistered(task.task) }
    var results: [RawJSON] = []
    results.reserveCapacity(items.count)
    for item in items {
      try context.checkStop()
      var message = context.message
      message.task = task.task
      message.args = .array(try args(item))
      message.kwargs = .emptyObject
      results.append(try await kind.run(TaskContext(context, running: message)))
    }
    return .array(results)
  }
}
