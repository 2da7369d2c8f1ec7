import ArgumentParser
import CelerityCore

/// Which tasks; all conditions must hold.
struct TaskFilterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("In these states, separated by commas: PENDING, STARTED, FAILURE …", valueName: "states"))
  var state: String?
  @Option(help: ArgumentHelp("Of this task.", valueName: "name"))
  var task: String?
  @Option(help: ArgumentHelp("In this queue.", valueName: "name"))
  var queue: String?
  @Option(help: ArgumentHelp("What the search box takes: 'tag:mail attempts:>1 created:<1h'.", valueName: "query"))
  var query: String?
  @Option(help: ArgumentHelp("At most so many, the newest first.", valueName: "count"))
  var limit: Int?
  @Flag(help: "All of them.")
  var all = false

  /// Whether anything narrows the choice.
  var isEmpty: Bool { state == nil && task == nil && queue == nil && query == nil }

  /// The states, as the gateway writes them.
  func states() throws(ClientError) -> [String] {
    try (state ?? "").split(separator: ",").map { (word) throws(ClientError) -> String in
      let name = String(word.trimmed).uppercased()
      guard TaskState(rawValue: name) != nil else {
        let names = TaskState.allCases.map(\.rawValue)
        let guess = closestMatch(to: name, among: names)
        throw ClientError(
          "there is no state '\(word)'", cause: "there are \(names.joined(separator: ", "))",
          hint: "--state \(guess ?? TaskState.failure.rawValue)", status: .usage)
      }
      return name
    }
  }

  /// The choice as the parameters of a list.
  func parameters(statesIfNone: [TaskState] = []) throws(ClientError) -> [(name: String, value: String)] {
    let given = try states()
    let states = given.isEmpty ? statesIfNone.map(\.rawValue) : given
    var parameters: [(name: String, value: String)] = []
    if !states.isEmpty { parameters.append(("state", states.joined(separator: ","))) }
    if let task { parameters.append(("task", task)) }
    if let queue { parameters.append(("queue", queue)) }
    if let query { parameters.append(("q", query)) }
    return parameters
  }

  /// Checks `--limit` against `--all`.
  func checkLimit() throws(ClientError) {
    if all, limit != nil {
      throw ClientError("--limit and --all contradict each other", hint: "give one of them", status: .usage)
    }
    guard let limit, limit < 1 else { return }
    throw ClientError("--limit is \(limit)", cause: "it must be at least 1", hint: "--limit 20", status: .usage)
  }
}
