import ArgumentParser
import CelerityCore
import CelerityJSON

struct TaskShowCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "All that is known of a task.",
    discussion: """
      celerity task show 019812ab-…
      celerity task show 019812ab-… --json
      """)

  @Argument(help: "The task's id.") var id: String
  @OptionGroup var options: ClientOptions

  func run(_ session: ClientSession) async throws {
    let task = try await session.gateway.json(.get(TaskPath.of(try await session.taskID(id))))
    let output = session.output
    if output.isJSON { return try output.json(task) }
    let fields = TaskTable.fields(task, now: session.time.now)
    guard output.isForPeople else { return try output.fields(fields) }
    try output.fields(Self.shortened(fields, task, columns: output.columns))
    for name in ["args", "kwargs", "result"] {
      guard let value = task[name], Self.isLong(value, columns: output.columns) else { continue }
      try output.lines(["", Tone.faint.paint(name, colours: output.terminal.coloursOutput), JSONText.pretty(value)])
    }
    if let traceback = task["error"]?["traceback"]?.stringValue {
      try output.lines(["", SafeText.lines(traceback)])
    }
    let history = task["history"]?.elements() ?? []
    guard !history.isEmpty else { return }
    try output.line("")
    try output.table(Self.history(history, now: session.time.now), empty: "")
  }

  /// What there is, without the values that would run over the line: they stand below.
  private static func shortened(
    _ fields: [(name: String, cell: Table.Cell)], _ task: RawJSON, columns: Int
  ) -> [(name: String, cell: Table.Cell)] {
    fields.filter { name, cell in
      guard cell != .none, !["[]", "{}", "false"].contains(cell.exact) else { return false }
      guard ["args", "kwargs", "result"].contains(name), let value = task[name] else { return true }
      return !isLong(value, columns: columns)
    }
  }

  /// The names' column and the blanks behind it.
  private static let indent = 20

  private static func isLong(_ value: RawJSON, columns: Int) -> Bool {
    value.bytes.count > max(8, columns - indent)
      && TextWidth.of(JSONText.line(value, escaping: true)) > max(8, columns - indent)
  }

  private static func history(_ ends: [RawJSON], now: Timestamp) -> Table {
    Table(
      [
        Table.Column("attempt", numeric: true), Table.Column("ended_at", .optional, title: "ended"),
        Table.Column("cause"),
        Table.Column("worker", .optional), Table.Column("detail", .elastic),
      ],
      rows: ends.map { end in
        [
          Table.Cell(number: end["attempt"]?.int64Value), Table.Cell(moment: end["ended_at"]?.stringValue, now: now),
          Table.Cell(ifPresent: end["cause"]?.stringValue), Table.Cell(ifPresent: end["worker"]?.stringValue),
          Table.Cell(ifPresent: end["detail"]?.stringValue),
        ]
      })
  }
}

struct TaskResultCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "result", abstract: "A task's result.",
    discussion: """
      celerity task result 019812ab-…
      celerity task result 019812ab-… --wait=30

      The exit code is 1 when the task failed, 75 when it has not ended yet, 124 when it had not ended in time.
      """)

  @Argument(help: "The task's id.") var id: String
  @Option(defaultAsFlag: WaitLimit.none, help: ArgumentHelp("Waits for the end, at most this long.", valueName: "time"))
  var wait: WaitLimit?
  @OptionGroup var options: ClientOptions

  func run(_ session: ClientSession) async throws {
    let id = try await session.taskID(id)
    if let wait {
      let deadline = wait.duration.map { ContinuousClock.now + $0 }
      let task = try await TaskWait(session: session, id: id, deadline: deadline, isKnownToExist: false).run(
        showsProgress: false)
      return try TaskEnding(task: task).show(session.output)
    }
    let task = try await session.gateway.json(.get(TaskPath.of(id)))
    let state = task["state"]?.stringValue ?? ""
    guard TaskState(rawValue: state)?.isTerminal == true else {
      throw ClientError(
        "task \(id) has not ended: it is \(state)", hint: "celerity task result \(ShellWords.quoted(id)) --wait",
        status: .tryLater)
    }
    try TaskEnding(task: task).show(session.output)
  }
}

struct TaskWhyCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Why a task is in the state it is in, and what to do about it.",
    discussion: """
      celerity task why 019812ab-…
      celerity task why 019812ab-… --json
      """)

  @Argument(help: "The task's id.") var id: String
  @OptionGroup var options: ClientOptions

  func run(_ session: ClientSession) async throws {
    let answer = try await session.gateway.json(.get(TaskPath.of(try await session.taskID(id)) + "/why"))
    let output = session.output
    if output.isJSON { return try output.json(answer) }
    let reasons = answer["reasons"]?.elements() ?? []
    guard output.isForPeople else {
      let columns = [Table.Column("code"), Table.Column("detail"), Table.Column("hint")]
      let rows = reasons.map { reason in
        [
          Table.Cell(ifPresent: reason["code"]?.stringValue), Table.Cell(ifPresent: reason["detail"]?.stringValue),
          Table.Cell(ifPresent: reason["hint"]?.stringValue.map(GatewayWords.hint(_:))),
        ]
      }
      return try output.table(Table(columns, rows: rows), empty: "")
    }
    let state = answer["state"]?.stringValue ?? ""
    let summary = HumanText.shortMoments(answer["summary"]?.stringValue ?? "")
    let rest = summary.hasPrefix(state + ": ") ? String(summary.dropFirst(state.count + 2)) : summary
    let painted = Tone(state: state).paint(SafeText.line(state), colours: output.terminal.coloursOutput)
    try output.line("\(painted)  \(SafeText.line(rest))")
    for reason in reasons {
      let detail = HumanText.shortMoments(reason["detail"]?.stringValue ?? "")
      // The summary says the first of them already.
      if !rest.hasPrefix(detail) { try output.line("  - " + SafeText.line(detail)) }
      if let hint = reason["hint"]?.stringValue {
        try output.line("    try: " + SafeText.line(GatewayWords.hint(hint)))
      }
    }
  }
}

/// Paths of tasks.
enum TaskPath {
  /// A task's path.
  static func of(_ id: String) -> String { "/v1/tasks/" + id.percentEncoded }
}
