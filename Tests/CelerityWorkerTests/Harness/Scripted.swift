import CelerityCore
import CelerityTasks

/// The options of a scripted task, as a type, because options belong to types.
protocol Script: Sendable {
  static var options: TaskOptions { get }
}

enum Plain: Script {
  static let options = TaskOptions()
}

/// Two retries, ten seconds apart.
enum TwoRetries: Script {
  static let options = TaskOptions(retry: .fixed(max: 2, delay: .seconds(10)))
}

enum Resultless: Script {
  static let options = TaskOptions(ignoresResult: true)
}

/// Successes that are soon forgotten.
enum Fleeting: Script {
  static let options = TaskOptions(successRetention: .seconds(10))
}

/// One at a time over all workers.
enum OneAtATime: Script {
  static let options = TaskOptions(permits: [Permit("task:scripted", .concurrency(1))])
}

enum ThreePerMinute: Script {
  static let options = TaskOptions(permits: [Permit("task:scripted", .rate(3, per: .seconds(60)))])
}

/// A task whose code is written in the test.
struct Scripted<Options: Script>: TaskDefinition {
  struct Input: TaskInput, Equatable {
    var n: Int

    static var arguments: [Argument] { [Argument(CodingKeys.n, default: 0)] }
  }

  static var name: String { "scripted" }
  static var options: TaskOptions { Options.options }

  let body: @Sendable (Input, TaskContext) async throws -> Int

  init(_ body: @escaping @Sendable (Input, TaskContext) async throws -> Int) {
    self.body = body
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> Int {
    try await body(input, context)
  }
}

/// A second kind of task, for what tasks send.
struct Child: TaskDefinition {
  struct Input: TaskInput {
    var text: String
  }

  static let name = "child"

  func run(_ input: Input, _ context: TaskContext) async throws -> String { input.text }
}

struct Broken: Error, CustomStringConvertible {
  var description: String { "it broke" }
}
