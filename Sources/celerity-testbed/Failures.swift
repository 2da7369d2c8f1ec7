import CelerityCore
import CelerityJSON
import CelerityTasks

extension TaskFailure {
  /// Python's `ValueError(message)`.
  static func valueError(_ message: String) -> TaskFailure {
    TaskFailure(type: "ValueError", module: "builtins", message: message)
  }
}

/// `wapp.fail`
struct Fail: TaskDefinition {
  static let name = "wapp.fail"
  static let options = TaskOptions(queue: WireApp.queue)

  struct Input: TaskInput {
    var message: String
    static let arguments = [Argument(CodingKeys.message, default: "bad")]
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON {
    throw TaskFailure.valueError(input.message)
  }
}

/// `wapp.fail_after`: the same for the middle of a chain.
struct FailAfter: TaskDefinition {
  static let name = "wapp.fail_after"
  static let options = TaskOptions(queue: WireApp.queue)

  struct Input: TaskInput {
    var value: RawJSON
    var message: String
    static let arguments = [Argument(CodingKeys.message, default: "bad")]
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON {
    throw TaskFailure.valueError(input.message)
  }
}

/// `wapp.fail_custom`: a class of the client's own, rebuilt from two arguments.
struct FailCustom: TaskDefinition {
  static let name = "wapp.fail_custom"
  static let options = TaskOptions(queue: WireApp.queue)

  struct Input: TaskInput {
    var code: RawJSON
    var text: RawJSON
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON {
    throw TaskFailure(
      type: "CustomError", module: "wapp", message: "(\(input.code), \(input.text))",
      arguments: [input.code, input.text])
  }
}

/// `wapp.fail_strange`: a class that the client has not got.
struct FailStrange: TaskDefinition {
  static let name = "wapp.fail_strange"
  static let options = TaskOptions(queue: WireApp.queue)

  func run(_ input: NoInput, _ context: TaskContext) async throws -> RawJSON {
    throw TaskFailure(type: "StrangeError", module: "nowhere", message: "odd")
  }
}

/// `wapp.raise_reject`
struct RaiseReject: TaskDefinition {
  static let name = "wapp.raise_reject"
  static let options = TaskOptions(queue: WireApp.queue)

  func run(_ input: NoInput, _ context: TaskContext) async throws -> RawJSON { throw Reject("no") }
}
