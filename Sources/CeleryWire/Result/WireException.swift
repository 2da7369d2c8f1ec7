public import CelerityCore
public import CelerityJSON

/// Exceptions as Celery's JSON form has them: type, arguments of the constructor, module.
///
/// Python's client looks the module up among those it has imported and calls the class with the arguments; where there is
/// none it makes a class of that name up. So a failure of ours looks like itself there.
public enum WireException {
  /// A failure as an exception.
  public static func json(_ failure: TaskFailure) -> RawJSON {
    .object([
      ("exc_type", .string(failure.type)), ("exc_message", .array(failure.arguments)),
      // A module that Python has not imported makes its client invent a class of this name, which is what a foreign
      // type should look like there.
      ("exc_module", .string(failure.module ?? "celery.exceptions")),
    ])
  }

  /// The failure that an exception tells of; `nil` when it is none. Old workers write one text instead of the arguments.
  public static func failure(_ json: RawJSON, traceback: String?) -> TaskFailure? {
    guard let members = json.members(), let type = members.value("exc_type")?.stringValue else { return nil }
    let message = members.value("exc_message") ?? .emptyArray
    let arguments = message.elements() ?? [message]
    let text = arguments.map { $0.stringValue ?? $0.description }.joined(separator: ", ")
    return TaskFailure(
      type: type, module: members.value("exc_module")?.stringValue, message: text, arguments: arguments,
      traceback: traceback)
  }

  /// What a state is without a failure that could be told; Python raises it as it is, so there must be one.
  static func unknown(_ state: TaskState, reason: String?) -> RawJSON {
    switch state {
    case .revoked: json(.revoked(reason))
    case .retry: json(TaskFailure(type: "Retry", module: "celery.exceptions", message: "", arguments: []))
    case .pending, .received, .started, .progress, .success, .failure:
      json(TaskFailure(type: "Exception", module: "builtins", message: reason ?? "failed"))
    }
  }
}
