import CelerityCore
import CelerityJSON
import CelerityTasks

/// What takes any value.
struct AnyValue: TaskInput {
  var value: RawJSON
}

/// `wapp.ident`
struct Identity: TaskDefinition {
  static let name = "wapp.ident"
  static let options = TaskOptions(queue: WireApp.queue)

  func run(_ input: AnyValue, _ context: TaskContext) async throws -> RawJSON { input.value }
}

/// `wapp.echo`: how it was called.
struct Echo: TaskDefinition {
  static let name = "wapp.echo"
  static let options = TaskOptions(queue: WireApp.queue)

  /// Python's takes any keyword; these are the ones that the tests use.
  struct Input: TaskInput {
    var args: [RawJSON]
    var text: RawJSON?
    var flag: RawJSON?
    var data: RawJSON?
    static let arguments = [Argument.variadic(CodingKeys.args)]
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON {
    .object([("args", context.message.args), ("kwargs", context.message.kwargs)])
  }
}

/// `wapp.no_result`: its result is not kept.
struct NoResult: TaskDefinition {
  static let name = "wapp.no_result"
  static let options = TaskOptions(queue: WireApp.queue, ignoresResult: true)

  struct Input: TaskInput {
    var x: RawJSON
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON { input.x }
}

/// `wapp.errback`: called with the id of what failed.
struct Errback: TaskDefinition {
  static let name = "wapp.errback"
  static let options = TaskOptions(queue: WireApp.queue)

  struct Input: TaskInput {
    var taskID: String
    enum CodingKeys: String, CodingKey { case taskID = "task_id" }
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> String { input.taskID }
}
