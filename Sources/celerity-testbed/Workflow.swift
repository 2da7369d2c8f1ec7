import CelerityCore
import CelerityJSON
import CelerityTasks
import FoundationEssentials

/// `wapp.spawn`: submits children; they are found as `children` of its result.
struct Spawn: TaskDefinition {
  static let name = "wapp.spawn"
  static let options = TaskOptions(queue: WireApp.queue)

  struct Input: TaskInput {
    var n: Int
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> [String] {
    var ids: [String] = []
    for number in 0..<input.n {
      let value = RawJSON.integer(Int64(number))
      ids.append(try await context.submit(Add.self, Operands(x: value, y: value)).text)
    }
    return ids
  }
}

/// `wapp.whoami`: what the message said of itself.
struct WhoAmI: TaskDefinition {
  static let name = "wapp.whoami"
  static let options = TaskOptions(queue: WireApp.queue)

  struct Input: TaskInput {
    var args: [RawJSON]
    static let arguments = [Argument.variadic(CodingKeys.args)]
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON {
    let message = context.message
    let extras = message.extras
    return .object([
      ("id", .string(message.id.text)),
      ("root_id", text(extras.rootID)),
      ("parent_id", text(extras.parentID)),
      ("group", text(extras.group?.id)),
      ("retries", .integer(Int64(message.retries))),
      ("stamps", .object((extras.stamps ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) })),
      ("stamped_headers", .array((extras.stampedHeaders ?? []).sorted().map(RawJSON.string))),
      ("note", extras.headers?["x_note"] ?? .null),
      ("timelimit", .array([number(extras.timeLimit), number(extras.softTimeLimit)])),
      ("worker", .string(context.worker)),
      ("time", number(Date.now.timeIntervalSince1970)),
    ])
  }

  private func text(_ value: String?) -> RawJSON { value.map(RawJSON.string) ?? .null }

  private func number(_ value: Double?) -> RawJSON { value.flatMap(RawJSON.double) ?? .null }
}
