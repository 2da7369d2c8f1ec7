import CelerityCore

/// The schemas that routes share, by the name under which the OpenAPI document lists them. A route refers to one with
/// `JSONSchema(.reference("Task"))`. Each topic has a file of its own.
enum Components {
  /// All of them.
  static let all: [(String, JSONSchema)] =
    tasks + taskVerbs + submission + submissions + bulk + queues + workers + schedules + dead + alerts + kinds + service
    + health + events + problems
}
