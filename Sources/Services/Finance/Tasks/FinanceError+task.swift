public import CelerityCore
public import CelerityTasks

extension FinanceError: TaskFailureConvertible {
  /// Refused input is Python's `ValueError` to every client; a method that gave up is an `ArithmeticError`.
  public var taskFailure: TaskFailure {
    TaskFailure(type: isCallerFault ? "ValueError" : "ArithmeticError", module: "builtins", message: description)
  }
}

extension FinanceError: InputRefusal {
  public var pointer: String { field.pointer }
  public var detail: String { message }
}

/// Options of all finance tasks: refused input is refused again and the same work is too long again, so only other errors
/// are retried.
let financeOptions = TaskOptions(
  queue: "finance",
  retry: RetryPolicy(
    maxRetries: 3, backoff: .exponential(base: .seconds(1), factor: 2, cap: .seconds(60)),
    fatal: ["ValueError", "ArithmeticError", "SoftTimeLimitExceeded", "TimeLimitExceeded"]),
  timeLimit: .seconds(600), softTimeLimit: .seconds(540))
