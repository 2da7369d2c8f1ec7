import CelerityCore
import CelerityRoutes
import CelerityTasks

extension [CalledTask] {
  /// Throws when nobody knows one of them, or arguments do not fit.
  func check(against known: KnownTasks) async throws {
    var issues: [RouteError.Issue] = []
    for called in self where try await !known.contains(called.task) {
      let issue = RouteError.Issue(
        pointer: called.pointer + "/task", detail: "no task '\(called.task)' is known here")
      guard called.isLinked else {
        var refusal = try await known.refusal(of: called.task)
        refusal.issues = [issue]
        throw refusal
      }
      if issues.count < FieldReader.issueLimit { issues.append(issue) }
    }
    guard issues.isEmpty else {
      throw RouteError(422, "invalid-request", "a linked task is not known here", issues: issues)
    }
    for called in self where !called.takesResult {
      do {
        try known.registry[called.task]?.check(args: called.args, kwargs: called.kwargs)
      } catch {
        throw ArgumentError(
          task: error.task, issues: error.issues.map { .init(pointer: called.pointer + $0.pointer, detail: $0.detail) })
      }
    }
  }
}
