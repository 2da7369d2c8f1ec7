import CelerityCore

/// The text that Python shows of an exception and the way it took.
enum PythonTraceback {
  /// What never comes from running code has none in Celery either.
  private static let without: Set<String> = [
    "NotRegistered", "TimeLimitExceeded", "TaskRevokedError", "Reject", "DecodeError", "ContentDisallowed",
  ]

  /// The failure's own traceback, else one in Python's form without frames, which Swift has none of; `nil` for failures
  /// that never have one. Clients print it, and show it instead of the exception.
  static func text(_ failure: TaskFailure) -> String? {
    if let traceback = failure.traceback { return traceback }
    guard !without.contains(failure.type) else { return nil }
    let causes = failure.causes.reversed().map { cause in
      "\(cause.type): \(cause.message)\n\nThe above exception was the direct cause of the following exception:\n\n"
    }
    let isBuiltIn = failure.module == nil || failure.module == "builtins"
    let type = isBuiltIn ? failure.type : "\(failure.module ?? "").\(failure.type)"
    return "Traceback (most recent call last):\n\(causes.joined())\(type): \(failure.message)\n"
  }
}
