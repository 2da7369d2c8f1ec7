import CelerityCore
import CelerityJSON
import CelerityTasks

/// A call of `wapp.add`.
private func sum(_ x: RawJSON, _ y: RawJSON) -> Call { Add.call(Operands(x: x, y: y)) }

/// `wapp.replace`: a sum does its work.
struct Replace: TaskDefinition {
  static let name = "wapp.replace"
  static let options = TaskOptions(queue: WireApp.queue)

  func run(_ input: Operands, _ context: TaskContext) async throws -> RawJSON {
    try context.replace(with: sum(input.x, input.y))
  }
}

/// `wapp.replace_chain`: two steps do its work.
struct ReplaceChain: TaskDefinition {
  static let name = "wapp.replace_chain"
  static let options = TaskOptions(queue: WireApp.queue)

  func run(_ input: Operands, _ context: TaskContext) async throws -> RawJSON {
    let steps = Chain {
      sum(input.x, input.y)
      Multiply.next(with: ["y": 10])
    }
    try context.replace(with: steps)
  }
}

/// `wapp.replace_group`: a group does its work, and the list of its results is the result.
struct ReplaceGroup: TaskDefinition {
  static let name = "wapp.replace_group"
  static let options = TaskOptions(queue: WireApp.queue)

  struct Input: TaskInput {
    var n: Int
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON {
    let members = Group {
      for number in 0..<input.n { sum(.integer(Int64(number)), .integer(Int64(number))) }
    }
    try context.replace(with: members)
  }
}

/// `wapp.replace_with`: does the work that a signature holds.
struct ReplaceWith: TaskDefinition {
  static let name = "wapp.replace_with"
  static let options = TaskOptions(queue: WireApp.queue)

  struct Input: TaskInput {
    var work: RawJSON
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON {
    try context.replace(with: try RawJSONDecoder().decode(Signature.self, from: input.work))
  }
}
