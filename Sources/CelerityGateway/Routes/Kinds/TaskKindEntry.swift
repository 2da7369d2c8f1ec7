import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// A kind of task that is known here, from wherever.
struct TaskKindEntry: Sendable {
  /// Who knows it.
  enum Source: String, Sendable {
    /// The gateway itself: arguments are checked before they are accepted.
    case registry
    /// A worker that announced it.
    case worker
    /// The settings.
    case external
  }

  let name: String
  let source: Source
  /// What the registry knows of it.
  var kind: TaskKind?

  /// As `/v1` shows it.
  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("task", name)
    writer.member("summary", orNull: kind.flatMap { $0.summary.isEmpty ? nil : $0.summary })
    writer.member("queue", orNull: kind?.options.queue)
    writer.member("source", source.rawValue)
    writer.member("input", orNull: kind?.parameters.schema.json)
    writer.member("output", orNull: kind?.outputSchema?.json)
    writer.member("links", object: { $0.member("self", "/v1/kinds/" + name.percentEncoded) })
    writer.endObject()
  }
}

extension KnownTasks {
  /// All kinds, by name.
  func kinds() async throws(EngineError) -> [TaskKindEntry] {
    var entries: [String: TaskKindEntry] = [:]
    for name in external { entries[name] = TaskKindEntry(name: name, source: .external) }
    for name in try await announcedNames() { entries[name] = TaskKindEntry(name: name, source: .worker) }
    for name in registry.names {
      entries[name] = TaskKindEntry(name: name, source: .registry, kind: registry[name])
    }
    return entries.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// There is no kind of this name; perhaps another one was meant.
  func refusal(of name: String) async throws(EngineError) -> RouteError {
    RouteError(
      404, "unknown-task", "no task '\(name)' is known here",
      hint: try await closest(to: name).map { "did you mean '\($0)'?" } ?? "is a worker running that has it?")
  }
}
