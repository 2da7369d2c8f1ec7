import CelerityCore
import CelerityJSON
import CelerityTasks

/// How an error crosses the queue: the task that failed with it keeps it as its failure, and the gateway that waited for
/// the task tells its client the same.
extension DocumentError: TaskFailureConvertible {
  private static let module = "documents"

  var taskFailure: TaskFailure {
    var arguments: [RawJSON] = [.string(message), field.map(RawJSON.string) ?? .null]
    arguments.append(suggestedFix.map(RawJSON.string) ?? .null)
    return TaskFailure(type: code.rawValue, module: Self.module, message: message, arguments: arguments)
  }

  /// The error that a task of this service failed with; `nil` when it failed with something else.
  init?(_ failure: TaskFailure) {
    guard failure.module == Self.module, let code = Code(rawValue: failure.type) else { return nil }
    func argument(_ index: Int) -> String? {
      failure.arguments.indices.contains(index) ? failure.arguments[index].stringValue : nil
    }
    self.init(code, failure.message, field: argument(1), suggestedFix: argument(2))
  }
}
