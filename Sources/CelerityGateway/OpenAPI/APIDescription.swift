import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// The whole HTTP API as data, made from what is mounted: the OpenAPI document and the reference page are written from it.
///
/// A service's route is mounted twice. It is described once, at the path with the prefix: that one it always has, while
/// the short one depends on which other services run in the same gateway, and clients made from the document must not
/// break when one is added. The short path is told in words.
struct APIDescription: Sendable {
  /// One thing that can be called.
  struct Operation: Sendable {
    let route: Route
    /// Unique in the document.
    let id: String
    let chapter: String
    /// The service it belongs to; `nil` for the platform's.
    let service: String?
    /// The path without the service's prefix, where it answers too.
    let alias: String?
    let answers: [Answer]
  }

  /// Operations that belong together.
  struct Chapter: Sendable {
    let name: String
    let about: String
    let operations: [Operation]
  }

  let version: String
  let chapters: [Chapter]
  let kinds: [TaskKind]

  /// All operations in the order of their chapters.
  var operations: [Operation] { chapters.flatMap(\.operations) }

  /// The API that a catalog mounts and the kinds of tasks that a registry knows.
  init(version: String, entries: [RouteCatalog.Entry], registry: TaskRegistry) {
    self.version = version
    kinds = registry.names.compactMap { registry[$0] }
    var taken: Set<String> = []
    let operations = entries.map { entry in
      let id = Self.uniqueID(of: entry, &taken)
      return Operation(
        route: entry.route, id: id, chapter: entry.route.tag ?? entry.service ?? "platform", service: entry.service,
        alias: entry.alias?.description, answers: Answer.all(of: entry.route))
    }
    chapters = Self.chapters(operations)
  }

  /// The route's own name; with the service's before it where another route has the same.
  private static func uniqueID(of entry: RouteCatalog.Entry, _ taken: inout Set<String>) -> String {
    let plain = entry.route.operationID
    let long = [entry.service, plain].compactMap(\.self).joined(separator: "_")
    var candidates = [plain, long][...]
    var number = 2
    while let candidate = candidates.popFirst() {
      if taken.insert(candidate).inserted { return candidate }
      if candidates.isEmpty {
        candidates.append("\(long)_\(number)")
        number += 1
      }
    }
    return long
  }

  /// Chapters with their operations: those of the table first, then the services in the order of mounting.
  private static func chapters(_ operations: [Operation]) -> [Chapter] {
    var names = ChapterTexts.order.filter { name in operations.contains { $0.chapter == name } }
    for operation in operations where !names.contains(operation.chapter) { names.append(operation.chapter) }
    return names.map { name in
      let own = operations.filter { $0.chapter == name }
      return Chapter(name: name, about: ChapterTexts[name] ?? about(service: own.first?.service), operations: own)
    }
  }

  private static func about(service: String?) -> String {
    service.map { "Routes of the service `\($0)`." } ?? ""
  }
}
