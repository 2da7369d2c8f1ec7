import ArgumentParser
import CelerityCore
import CelerityJSON

struct TaskWatchCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Follows a task to its end.",
    discussion: """
      celerity task watch 019812ab-…
      celerity task watch 019812ab-… --logs
      celerity task watch 019812ab-… --json   # one event a line

      The exit code is the task's: 0 when it succeeded, 1 when it failed or was revoked. A connection that breaks is
      opened again, and nothing is missed. Ctrl-C stops the watching, never the task.
      """)

  @Argument(help: "The task's id.") var id: String
  @Flag(help: "Shows what the task's code logs, too.") var logs = false
  @OptionGroup var options: ClientOptions

  func run(_ session: ClientSession) async throws {
    let id = try await session.taskID(id)
    let watch = TaskWatch(session: session, id: id, showsLogs: logs)
    let task: RawJSON
    do {
      task = try await watch.run()
    } catch let error where error is CancellationError || (error as? ClientError)?.status == .interrupted {
      throw ClientError.chosen(
        "detached: task \(id) goes on",
        hint: "celerity task watch \(ShellWords.quoted(id))   or   celerity task cancel \(ShellWords.quoted(id))",
        status: .interrupted)
    }
    if let failure = TaskEnding(task: task).failure { throw failure }
  }
}

/// Writes the events of one task while they happen.
struct TaskWatch: Sendable {
  let session: ClientSession
  let id: String
  let showsLogs: Bool

  /// The headings of the tab-separated form.
  static let heading = "at\tevent\tstate\tattempt\tworker\ttext"

  /// Follows the task; returns it as it was at its end.
  func run() async throws -> RawJSON {
    let output = session.output
    if !output.isJSON, !output.terminal.isOutputTerminal { try output.line(Self.heading) }
    let view = output.isForPeople ? ProgressView(output: output, id: id) : nil
    defer { view?.clear() }
    let seen = LastTask()
    let follower = EventFollower(gateway: session.gateway, path: TaskPath.of(id) + "/events")
    let follow: @Sendable () async throws -> Void = {
      try await follower.run(notice: { view?.notice($0) ?? output.note($0.text) }) { event in
        try on(event, view, seen)
      }
    }
    if let view { try await view.ticking(follow) } else { try await follow() }
    if let task = seen.task { return task }
    return try await session.gateway.json(.get(TaskPath.of(id)))
  }

  private func on(_ event: StreamEvent, _ view: ProgressView?, _ seen: LastTask) throws -> EventFollower.Step {
    guard let data = try? RawJSON(validating: event.data, limits: .trusted) else { return .next }
    switch event.name {
    case "end": return .stop
    case "gap": session.output.note("some events are missing here")
    case "task", "progress":
      seen.task = data
      try write(event.name, data, view)
      let hasEnded = data["state"]?.stringValue.flatMap(TaskState.init(rawValue:))?.isTerminal ?? false
      if !hasEnded { _ = view?.on(event) }
    case "log" where showsLogs: try write(event.name, data, view)
    default: break
    }
    return .next
  }

  private func write(_ name: String, _ data: RawJSON, _ view: ProgressView?) throws {
    let output = session.output
    if output.isJSON { return try output.jsonLine(data) }
    guard output.terminal.isOutputTerminal else { return try output.line(tabSeparated(name, data)) }
    guard name != "progress" else { return }  // the bar shows it
    view?.clear()
    try output.line(name == "log" ? TaskLogLines.text(data, output) : line(data, output))
  }

  private func tabSeparated(_ name: String, _ data: RawJSON) -> String {
    if name == "log" {
      let attempt = data["attempt"]?.description ?? ""
      let texts = [data["time"]?.stringValue ?? "", name, data["level"]?.stringValue ?? ""]
      return (texts.map(SafeText.field) + [attempt, "", SafeText.field(data["text"]?.stringValue ?? "")])
        .joined(separator: "\t")
    }
    let moment = Self.moment(of: data) ?? ""
    let state = data["state"]?.stringValue ?? ""
    let attempts = data["attempts"]?.description ?? ""
    return
      ([moment, name, state, attempts, data["worker"]?.stringValue ?? ""].map(SafeText.field)
      + [Self.detail(of: data, isExact: true)]).joined(separator: "\t")
  }

  private func line(_ data: RawJSON, _ output: Output) -> String {
    let state = data["state"]?.stringValue ?? ""
    let padded = SafeText.line(state) + String(repeating: " ", count: max(0, 8 - TextWidth.of(state)))
    let colours = output.terminal.coloursOutput
    let clock = ClockText.timeOfDay(Self.moment(of: data) ?? session.time.now.rfc3339)
    let head = SafeText.line(clock) + "  " + padded + "  "
    let room = max(8, output.columns - TextWidth.of(head))
    return Tone.faint.paint(SafeText.line(clock), colours: colours) + "  "
      + Tone(state: state).paint(padded, colours: colours) + "  "
      + TextWidth.fit(Self.detail(of: data, isExact: false), columns: room)
  }

  /// When the task came into its state, as far as it tells.
  private static func moment(of task: RawJSON) -> String? {
    let names: [String]
    switch task["state"]?.stringValue.flatMap(TaskState.init(rawValue:)) {
    case .success, .failure, .revoked: names = ["finished_at", "created_at"]
    case .started, .progress, .received: names = ["started_at", "created_at"]
    case .pending, .retry, nil:
      if let end = task["history"]?.elements()?.last?["ended_at"]?.stringValue { return end }
      names = ["created_at"]
    }
    return names.lazy.compactMap { task[$0]?.stringValue }.first
  }

  /// What there is to say about the state: the result, the error, the progress, when it will go on.
  private static func detail(of task: RawJSON, isExact: Bool) -> String {
    func text(_ json: RawJSON?) -> String { json.map { JSONText.line($0, escaping: true) } ?? "" }
    switch task["state"]?.stringValue.flatMap(TaskState.init(rawValue:)) {
    case .success: return text(task["result"])
    case .failure, .revoked:
      guard !isExact else { return text(task["error"]) }
      let words = [task["error"]?["type"]?.stringValue, task["error"]?["message"]?.stringValue]
      return SafeText.line(words.compactMap(\.self).joined(separator: ": "))
    case .progress: return isExact ? text(task["progress"]) : TaskProgress(task["progress"])?.text ?? ""
    case .pending, .retry:
      let due = task["due_at"]?.stringValue ?? task["eta"]?.stringValue
      return due.map { isExact ? $0 : "due " + SafeText.line(ClockText.timeOfDay($0)) } ?? ""
    case .started, .received:
      return isExact ? "" : task["worker"]?.stringValue.map { "on " + SafeText.line($0) } ?? ""
    case nil: return ""
    }
  }
}
