import ArgumentParser
import CelerityCore
import CelerityJSON

struct TaskLogsCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "What a task's code logged.",
    discussion: """
      celerity task logs 019812ab-…
      celerity task logs 019812ab-… --follow
      celerity task logs 019812ab-… --attempt 2 --json
      """)

  @Argument(help: "The task's id.") var id: String
  @Flag(name: [.customShort("f"), .long], help: "Goes on until the task has ended.") var follow = false
  @Option(help: ArgumentHelp("Lines of this attempt only.", valueName: "number")) var attempt: Int?
  @OptionGroup var options: ClientOptions

  func run(_ session: ClientSession) async throws {
    let path = TaskPath.of(try await session.taskID(id))
    if follow { return try await follow(session, path) }
    let lines = try await read(session.gateway, path)
    let output = session.output
    if output.isJSON { return try output.json(Self.object(lines.shown, next: lines.next)) }
    if output.isForPeople, lines.shown.isEmpty { return output.note("the task has logged nothing") }
    if !output.terminal.isOutputTerminal { try output.line(TaskLogLines.heading) }
    try output.lines(lines.shown.map { TaskLogLines.text($0, output) })
  }

  private func read(
    _ gateway: GatewayClient, _ path: String
  ) async throws(ClientError) -> (shown: [RawJSON], next: Int64) {
    var shown: [RawJSON] = []
    var next: Int64 = 0
    while true {
      let page = try await gateway.json(
        .get(path + "/logs", query: [("after", String(next)), ("limit", "1000")]))
      let lines = page["lines"]?.elements() ?? []
      shown += lines.filter(isWanted)
      let after = page["next_after"]?.int64Value ?? next
      guard !lines.isEmpty, after > next else { return (shown, after) }
      next = after
    }
  }

  private func isWanted(_ line: RawJSON) -> Bool {
    attempt == nil || line["attempt"]?.int64Value.map(Int.init) == attempt
  }

  private static func object(_ lines: [RawJSON], next: Int64) -> RawJSON {
    .object([("lines", .array(lines)), ("next_after", .integer(next))])
  }

  private func follow(_ session: ClientSession, _ path: String) async throws {
    let output = session.output
    if !output.isJSON, !output.terminal.isOutputTerminal { try output.line(TaskLogLines.heading) }
    let follower = EventFollower(gateway: session.gateway, path: path + "/events")
    try await follower.run(notice: { output.note($0.text) }) { event in
      if event.name == "end" { return .stop }
      if event.name == "gap" { output.note("some lines are missing here") }
      guard event.name == "log", let line = try? RawJSON(validating: event.data, limits: .trusted), isWanted(line)
      else { return .next }
      if output.isJSON {
        try output.jsonLine(line)
      } else {
        try output.line(TaskLogLines.text(line, output))
      }
      return .next
    }
  }
}

/// Log lines as text.
enum TaskLogLines {
  /// The headings of the tab-separated form.
  static let heading = "number\tattempt\ttime\tlevel\ttext"

  /// A line for people, or tab-separated where nobody looks.
  static func text(_ line: RawJSON, _ output: Output) -> String {
    let level = line["level"]?.stringValue ?? ""
    let time = line["time"]?.stringValue ?? ""
    let text = line["text"]?.stringValue ?? ""
    guard output.isForPeople else {
      let numbers = ["number", "attempt"].map { line[$0]?.description ?? "" }
      return (numbers + [time, level, text].map(SafeText.field)).joined(separator: "\t")
    }
    let label = SafeText.line(level).uppercased()
    let padded = label + String(repeating: " ", count: max(0, 7 - TextWidth.of(label)))
    let colours = output.terminal.coloursOutput
    return Tone.faint.paint(SafeText.line(ClockText.timeOfDay(time)), colours: colours) + "  "
      + tone(level).paint(padded, colours: colours) + "  " + SafeText.line(text)
  }

  private static func tone(_ level: String) -> Tone {
    switch level {
    case "error", "critical", "stderr": .bad
    case "warning": .waiting
    case "debug", "trace": .faint
    default: .plain
    }
  }
}
