import CelerityCore
import CelerityJSON
import CelerityTasks

/// `wapp.sleepy`
struct Sleepy: TaskDefinition {
  static let name = "wapp.sleepy"
  static let options = TaskOptions(queue: WireApp.queue)

  struct Input: TaskInput {
    var seconds: Double
    var value: RawJSON
    static let arguments = [Argument(CodingKeys.value, default: RawJSON.null)]
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON {
    try await Task.sleep(for: .seconds(input.seconds))
    return input.value
  }
}

/// `wapp.patient`: says that it runs, then sleeps; ends well when its soft limit tells it to stop.
struct Patient: TaskDefinition {
  static let name = "wapp.patient"
  static let options = TaskOptions(queue: WireApp.queue)

  struct Input: TaskInput {
    var seconds: Double
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> String {
    context.progress(1, of: 2)
    do {
      try await Task.sleep(for: .seconds(input.seconds))
    } catch is CancellationError where context.stopReason == .softTimeLimit {
      return "stopped"
    }
    return "slept"
  }
}

/// `wapp.retry_then`: succeeds after so many retries.
struct RetryThen: TaskDefinition {
  static let name = "wapp.retry_then"
  static let options = TaskOptions(queue: WireApp.queue, retry: .fixed(max: 3, delay: .seconds(180)))

  struct Input: TaskInput {
    var times: Int
    var value: RawJSON
    var countdown: Double
    static let arguments = [Argument(CodingKeys.countdown, default: 0.1)]
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON {
    guard context.message.retries >= input.times else {
      throw Retry(after: .seconds(input.countdown), because: TaskFailure.valueError("again"))
    }
    return .array([input.value, .integer(Int64(context.message.retries))])
  }
}

/// `wapp.retry_plain`: never succeeds, and gives no error of its own.
struct RetryPlain: TaskDefinition {
  static let name = "wapp.retry_plain"
  static let options = TaskOptions(queue: WireApp.queue, retry: .fixed(max: 1, delay: .seconds(180)))

  func run(_ input: NoInput, _ context: TaskContext) async throws -> RawJSON {
    throw Retry(after: .milliseconds(50))
  }
}

/// `wapp.slow_add`: a sum that takes a while.
struct SlowAdd: TaskDefinition {
  static let name = "wapp.slow_add"
  static let options = TaskOptions(queue: WireApp.queue)

  struct Input: TaskInput {
    var x: RawJSON
    var y: RawJSON
    var seconds: Double
    static let arguments = [Argument(CodingKeys.seconds, default: 0)]
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON {
    try await Task.sleep(for: .seconds(input.seconds))
    return (try Number(input.x) + Number(input.y)).json
  }
}
