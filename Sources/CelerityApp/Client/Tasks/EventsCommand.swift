import ArgumentParser
import CelerityCore
import CelerityJSON

struct EventsCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Changes of all tasks, while they happen.",
    discussion: """
      celerity events --follow
      celerity events --follow --state FAILURE --queue finance
      celerity events --follow --json --count 100   # for programs: one JSON object a line

      It begins with the next change, and goes on until Ctrl-C. A connection that breaks is opened again where it was;
      what the gateway could not keep is said to be missing.
      """)

  @Flag(name: [.customShort("f"), .long], help: "Goes on until it is stopped; without it, too.") var follow = false
  @Option(help: ArgumentHelp("In these states, separated by commas.", valueName: "states")) var state: String?
  @Option(help: ArgumentHelp("Of this task.", valueName: "name")) var task: String?
  @Option(help: ArgumentHelp("In this queue.", valueName: "name")) var queue: String?
  @Option(help: ArgumentHelp("Stops after so many.", valueName: "count")) var count: Int?
  @OptionGroup var options: ClientOptions

  private static let columns = [
    Table.Column("at"), Table.Column("state"), Table.Column("task", .elastic), Table.Column("id", .identifier),
    Table.Column("queue", .optional), Table.Column("worker", .optional),
  ]
  /// Nothing is known of what will come, so columns have widths that mostly fit.
  private static let widths = [8, 8, 28, 36, 12, 20]

  func run(_ session: ClientSession) async throws {
    if let count, count < 1 {
      throw ClientError("--count is \(count)", cause: "it must be at least 1", hint: "--count 10", status: .usage)
    }
    var filter = TaskFilterOptions()
    filter.state = state
    let states = try filter.states()
    var query: [(name: String, value: String)] = []
    if !states.isEmpty { query.append(("state", states.joined(separator: ","))) }
    if let task { query.append(("task", task)) }
    if let queue { query.append(("queue", queue)) }
    let output = session.output
    try begin(output)
    let follower = EventFollower(gateway: session.gateway, path: "/v1/events", query: query, patience: .seconds(300))
    var left = count ?? .max
    try await follower.run(notice: { output.note($0.text) }) { event in
      guard try write(event, output) else { return .next }
      left -= 1
      return left > 0 ? .next : .stop
    }
  }

  private func begin(_ output: Output) throws(ClientError) {
    if output.isJSON { return }
    guard output.terminal.isOutputTerminal else {
      return try output.line(Table(Self.columns).tabSeparatedHeading)
    }
    try output.lines(text(output).lines(Table(Self.columns), layout(output), withHeadings: true))
  }

  /// Whether it was a change of a task.
  private func write(_ event: StreamEvent, _ output: Output) throws -> Bool {
    guard ["task", "progress", "gap"].contains(event.name),
      let data = try? RawJSON(validating: event.data, limits: .trusted)
    else { return false }
    if event.name == "gap" {
      output.note("some changes are missing here: they came faster than they were read, or the store was restored")
      if output.isJSON { try output.jsonLine(data) }
      return false
    }
    if output.isJSON {
      try output.jsonLine(data)
      return true
    }
    let row = Table(Self.columns, rows: [cells(data)])
    guard output.terminal.isOutputTerminal else {
      try output.lines(row.tabSeparatedRows)
      return true
    }
    try output.lines(text(output).lines(row, layout(output), withHeadings: false))
    return true
  }

  private func cells(_ data: RawJSON) -> [Table.Cell] {
    let at = data["at"]?.stringValue ?? ""
    return [
      Table.Cell(at, shown: ClockText.timeOfDay(at), tone: .faint),
      Table.Cell(state: data["state"]?.stringValue ?? ""), Table.Cell(ifPresent: data["task"]?.stringValue),
      Table.Cell(ifPresent: data["id"]?.stringValue), Table.Cell(ifPresent: data["queue"]?.stringValue),
      Table.Cell(ifPresent: data["worker"]?.stringValue),
    ]
  }

  private func text(_ output: Output) -> TableText {
    TableText(width: output.columns, colours: output.terminal.coloursOutput)
  }

  private func layout(_ output: Output) -> TableText.Layout { text(output).layout(Self.columns, widths: Self.widths) }
}
