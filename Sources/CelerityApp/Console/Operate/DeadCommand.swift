import ArgumentParser
import CelerityCore
import CelerityJSON

struct DeadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dead", abstract: "Shows dead tasks, sends them on their way again or forgets them.",
    discussion: """
      celerity dead list
      celerity dead redrive 0197c9a1-3d5e-7b61-8f00-6a1f0e2d9c44
      celerity dead redrive --task mail.send --yes   # all of a kind

      A task is dead when it failed for good and nobody has looked after it yet: its retries are used up, or the process
      that ran it died again and again.
      """,
    subcommands: [List.self, Show.self, Redrive.self, Discard.self])

  /// Which dead tasks are meant.
  struct Selection: ParsableArguments {
    @Option(help: "Only of this kind.") var task: String?
    @Option(help: "Only from this queue.") var queue: String?
    @Option(help: "Only those that died for this reason.") var reason: String?
    @Option(name: [.customShort("q"), .customLong("query")], help: "Only those that a search finds.") var query: String?

    var terms: [(name: String, value: String)] {
      [("task", task), ("queue", queue), ("reason", reason), ("q", query)].compactMap { name, value in
        value.map { (name: name, value: $0) }
      }
    }

    /// In words, for a question.
    var words: String {
      terms.map { $0.name == "q" ? "found by '\($0.value)'" : "\($0.name) \($0.value)" }.joined(separator: ", ")
    }
  }

  static func path(_ id: String) -> String { "/v1/dead/" + id.percentEncoded }
}

extension DeadCommand {
  struct List: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists dead tasks, the newest first.",
      discussion: """
        celerity dead list
        celerity dead list --task mail.send --limit 100
        celerity dead list --query 'error:timeout' --json
        """)

    @OptionGroup(title: "Selection") var selection: Selection
    @Option(help: "At most this many.") var limit = 50
    @Option(help: "Goes on behind a page: its next_cursor.") var cursor: String?
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      var query = selection.terms + [(name: "limit", value: String(limit))]
      if let cursor { query.append((name: "cursor", value: cursor)) }
      let answer = try await session.gateway.json(.get("/v1/dead", query: query))
      try session.show(answer, DeadTable.make(answer.list("dead"), now: session.time.now), empty: "no task is dead")
      if !session.output.isJSON, let next = answer.text("next_cursor") {
        session.output.note("more: celerity dead list --cursor \(ShellWords.quoted(next))")
      }
    }
  }

  struct Show: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows a dead task: what it was, how it died and what was tried.",
      discussion: """
        celerity dead show 0197c9a1-3d5e-7b61-8f00-6a1f0e2d9c44
        celerity dead show 0197c9a1-3d5e-7b61-8f00-6a1f0e2d9c44 --json
        """)

    @Argument(help: "The task's id.") var id: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let task = try await session.gateway.json(.get(DeadCommand.path(id)))
      if session.output.isJSON { return try session.output.json(task) }
      try session.output.fields(DeadTable.fields(task, now: session.time.now))
    }
  }
}

/// Dead tasks in rows.
enum DeadTable {
  static func make(_ tasks: [RawJSON], now: Timestamp) -> Table {
    Table(
      [
        .init("id", .identifier), .init("task", .elastic), .init("queue", .optional), .init("reason"),
        .init("error", .elastic),
        .init("attempts", .optional, numeric: true), .init("finished_at"),
      ],
      rows: tasks.map { task in
        [
          Table.Cell(ifPresent: task.text("id")), Table.Cell(ifPresent: task.text("task")),
          Table.Cell(ifPresent: task.text("queue")), Table.Cell(ifPresent: task["error"]?.text("reason"), tone: .bad),
          Table.Cell(ifPresent: error(task)), Table.Cell(number: task.number("attempts")),
          Table.Cell(moment: task.text("finished_at"), now: now),
        ]
      })
  }

  static func fields(_ task: RawJSON, now: Timestamp) -> [(name: String, cell: Table.Cell)] {
    var fields: [(name: String, cell: Table.Cell)] = [
      ("id", Table.Cell(ifPresent: task.text("id"), tone: .strong)), ("task", Table.Cell(ifPresent: task.text("task"))),
      ("queue", Table.Cell(ifPresent: task.text("queue"))),
      ("reason", Table.Cell(ifPresent: task["error"]?.text("reason"), tone: .bad)),
      ("error", Table.Cell(ifPresent: error(task))), ("attempts", Table.Cell(number: task.number("attempts"))),
      ("args", Table.Cell(json: task["args"])), ("kwargs", Table.Cell(json: task["kwargs"])),
      ("worker", Table.Cell(ifPresent: task.text("worker"))),
      ("created_at", Table.Cell(moment: task.text("created_at"), now: now)),
      ("finished_at", Table.Cell(moment: task.text("finished_at"), now: now)),
    ]
    for attempt in task.list("history") {
      let number = attempt.number("attempt").map(String.init) ?? "?"
      let words = [attempt.text("cause"), attempt.text("worker").map { "on \($0)" }, attempt.text("detail")]
      fields.append(("attempt_\(number)", Table.Cell(words.compactMap { $0 }.joined(separator: " "))))
    }
    return fields
  }

  private static func error(_ task: RawJSON) -> String? {
    guard let error = task["error"], !error.isNull else { return nil }
    return [error.text("type"), error.text("message")].compactMap { $0 }.joined(separator: ": ")
  }
}
