public import CelerityCore

/// Thrown by a task to be tried again after a delay it knows (a server's `Retry-After`), within its maximum of retries.
public struct Retry: Error, Sendable {
  /// `nil` leaves the delay to the policy.
  public var delay: Duration?
  public var failure: TaskFailure
  /// Whether it says what led to it, which is then also how the task ends when its retries are used up. Without that the
  /// task ends as in Celery, with `MaxRetriesExceededError`.
  public var hasReason = true

  /// A retry after a delay, because of something.
  public init(after delay: Duration? = nil, _ reason: String? = nil) {
    self.delay = delay
    hasReason = reason != nil
    failure = TaskFailure(
      type: "Retry", module: "celery.exceptions", message: reason ?? "the task asked for a retry")
  }

  /// A retry because of an error.
  public init(after delay: Duration? = nil, because error: any Error) {
    self.delay = delay
    failure = TaskFailure(describing: error)
  }
}

/// Thrown by a task that can never succeed: FAILURE at once, no retries, kept as a dead letter.
public struct Reject: Error, Sendable {
  public var reason: String

  /// A rejection with its reason.
  public init(_ reason: String) {
    self.reason = reason
  }
}

/// Thrown by a task that has nothing to say: it ends as SUCCESS without a result.
public struct Ignore: Error, Sendable {
  /// Nothing to say.
  public init() {}
}

/// Thrown by `TaskContext.replace(with:)`: the code is over, and other work goes on under the task's id. Let it pass.
public struct Replaced: Error, Sendable {
  init() {}
}

/// An error that knows how it should look to clients.
public protocol TaskFailureConvertible: Error {
  var taskFailure: TaskFailure { get }
}

extension TaskFailure {
  /// A failure as seen in any error: the type's name and module, its description as the message.
  public init(describing error: any Error) {
    if let failure = error as? TaskFailure {
      self = failure
    } else if let convertible = error as? any TaskFailureConvertible {
      self = convertible.taskFailure
    } else {
      let name = Self.stableName(of: Swift.type(of: error))
      let parts = name.split(separator: ".", maxSplits: 1)
      self.init(
        type: String(parts.last ?? "Error"), module: parts.count > 1 ? String(parts[0]) : nil, message: "\(error)")
    }
  }

  /// The full name of a type, the same in every process: the runtime marks private and local types with an address, and
  /// members of extensions with the module they are in.
  private static func stableName(of type: any Error.Type) -> String {
    String(reflecting: type)
      .replacing(/\(unknown context at \$[0-9a-f]+\)\./, with: "")
      .replacing(/\(extension in ([^)]+)\):[^.]+\./) { "\($0.output.1)." }
  }
}
