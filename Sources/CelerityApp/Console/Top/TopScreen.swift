import CelerityCore
import CelerityJSON

/// Draws what `top` knows into lines, as many as the terminal has and none wider.
struct TopScreen {
  let state: TopState
  let width: Int
  let height: Int
  let colours: Bool
  let address: String

  /// Exactly `height` lines.
  func lines() -> [String] {
    var lines = [header]
    switch state.mode {
    case .help: lines += ["", "  Keys"] + Self.help.map { "  " + $0 }
    case .detail: lines += detail
    default: lines += panels(height - 3)
    }
    lines = lines.map { TextWidth.isWider($0, than: width) ? TextWidth.fit($0, columns: width) : $0 }
    lines = Array(lines.prefix(height - 1))
    lines += Array(repeating: "", count: max(0, height - 1 - lines.count))
    return lines + [footer]
  }

  private static let help = [
    "", "j k ↓ ↑     down and up; PgDn, PgUp, g and G further",
    "Tab         from tasks to queues to workers", "Enter       all about the task",
    "/           search tasks: state:FAILURE task:mail.* error:timeout; an empty search shows all",
    "r           retry the task                 c   cancel the task",
    "p           pause or resume the queue      Space   freeze, go on", "q Esc       quit", "",
    "Any key leads back.",
  ]

  // MARK: Header and footer

  private var header: String {
    guard let snapshot = state.snapshot else { return fitted("celerity top   \(address)   asking …") }
    func sum(_ member: String) -> String { HumanText.grouped(snapshot.sum(member, of: snapshot.queues)) }
    // What goes first when the terminal is narrow has the highest number.
    let parts: [(rank: Int, text: String?)] = [
      (7, "celerity top"), (6, address), (2, HumanText.count(snapshot.workers.count, "worker")),
      (0, sum("running") + " running"), (1, sum("ready") + " ready"), (4, sum("delayed") + " delayed"),
      (3, state.processedPerSecond.map { "\(Self.decimal($0))/s" }),
      (5, "\(snapshot.time.rfc3339.dropFirst(11).prefix(8)) UTC"), (0, state.isFrozen ? "frozen" : nil),
    ]
    return Tone.strong.paint(fitted(Self.fitting(parts, width)), colours: colours)
  }

  /// The parts in one line, without the least important ones where it would be too long.
  static func fitting(_ parts: [(rank: Int, text: String?)], _ width: Int) -> String {
    for rank in stride(from: parts.map(\.rank).max() ?? 0, through: 0, by: -1) {
      let line = parts.filter { $0.rank <= rank }.compactMap(\.text).joined(separator: "   ")
      if TextWidth.of(line) <= width || rank == 0 { return line }
    }
    return ""
  }

  private var footer: String {
    switch state.mode {
    case .typing(let text): return fitted("/\(text)▏   Enter searches, Esc leaves it")
    case .asking(let question, _):
      return Tone.waiting.paint(fitted("\(question)   y does it, any other key does not"), colours: colours)
    default: break
    }
    if let notice = state.notice {
      return (notice.isError ? Tone.bad : Tone.good).paint(fitted(SafeText.line(notice.text)), colours: colours)
    }
    let filter = state.filter.isEmpty ? "" : "   search: \(state.filter)"
    return Tone.faint.paint(
      fitted("q quit   ? keys   / search   r retry   c cancel   p pause\(filter)"), colours: colours)
  }

  private func fitted(_ text: String) -> String { TextWidth.fit(SafeText.line(text), columns: width) }

  private static func decimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  // MARK: Panels

  /// Queues and workers take what they need up to a quarter of the space each, tasks the rest.
  private func panels(_ space: Int) -> [String] {
    let quarter = max(2, space / 4)
    let queues = panel(.queues, queueTable, min(quarter, max(1, state.rows(.queues).count)))
    let workers = panel(.workers, workerTable, min(quarter, max(1, state.rows(.workers).count)))
    let left = max(1, space - queues.count - workers.count - 4)
    return [""] + queues + [""] + workers + [""] + panel(.tasks, taskTable, left)
  }

  private func panel(_ panel: TopState.Panel, _ table: Table, _ space: Int) -> [String] {
    let count = table.rows.count
    let place = state.selection(panel) ?? 0
    // The selected row stays in sight.
    let first = min(max(0, place - space + 1), max(0, count - space))
    var shown = table
    shown.rows = Array(table.rows.dropFirst(first).prefix(space))
    // The heading tells that there are more.
    if count > space, let name = shown.columns.first?.title {
      shown.columns[0].title = "\(name) (\(space) of \(count))"
    }
    let isActive = state.panel == panel && state.mode != .help
    var lines = TableText(width: width - 2, colours: colours).lines(shown)
    if count == 0 { return [(isActive ? "▸ " : "  ") + lines[0], "    none"] }
    if isActive, place - first + 1 < lines.count {
      let plain = TableText(width: width - 2, colours: false).lines(shown)[place - first + 1]
      let padded = plain + String(repeating: " ", count: max(0, width - 2 - TextWidth.of(plain)))
      lines[place - first + 1] = colours ? "\u{1B}[7m\(padded)\u{1B}[0m" : "*" + plain.dropFirst(0)
    }
    return lines.enumerated().map { ($0 == 0 && isActive ? "▸ " : "  ") + $1 }
  }

  private var queueTable: Table {
    Table(
      [
        .init("queue"), .init("ready", numeric: true), .init("delayed", numeric: true), .init("running", numeric: true),
        .init("paused"), .init("oldest", .optional),
      ],
      rows: state.rows(.queues).map { queue in
        [
          Table.Cell(ifPresent: queue.text("name")), Table.Cell(number: queue.number("ready")),
          Table.Cell(number: queue.number("delayed")), Table.Cell(number: queue.number("running")),
          Table.Cell(flag: queue["paused"]?.boolValue), Table.Cell(moment: queue.text("oldest_ready_at"), now: now),
        ]
      })
  }

  private var workerTable: Table {
    Table(
      [
        .init("worker"), .init("running", numeric: true), .init("slots", numeric: true),
        .init("processed", numeric: true), .init("draining"), .init("queues", .elastic),
      ],
      rows: state.rows(.workers).map { worker in
        [
          Table.Cell(ifPresent: worker.text("name")), Table.Cell(number: worker.number("running")),
          Table.Cell(number: worker.number("concurrency")), Table.Cell(number: worker.number("processed")),
          Table.Cell(flag: worker["draining"]?.boolValue), Table.Cell(worker.words("queues")),
        ]
      })
  }

  private var taskTable: Table {
    Table(
      [
        .init("task", .elastic), .init("state"), .init("queue", .optional), .init("created"), .init("took", .optional),
        .init("worker", .optional), .init("id", .identifier),
      ],
      rows: state.rows(.tasks).map { task in
        [
          Table.Cell(ifPresent: task.text("task")), Table.Cell(state: task.text("state") ?? ""),
          Table.Cell(ifPresent: task.text("queue")), Table.Cell(moment: task.text("created_at"), now: now),
          Table.Cell(duration: took(task)), Table.Cell(ifPresent: task.text("worker")),
          Table.Cell(ifPresent: task.text("id").map(Self.tail)),
        ]
      })
  }

  /// The end of an id: what begins with the time is alike in all of them.
  private static func tail(_ id: String) -> String { id.count <= 13 ? id : "…" + id.suffix(12) }

  private var now: Timestamp { state.snapshot?.time ?? Timestamp(microseconds: 0) }

  private func took(_ task: RawJSON) -> Duration? {
    guard let start = task.text("started_at").flatMap({ Timestamp($0) }) else { return nil }
    let end = task.text("finished_at").flatMap { Timestamp($0) } ?? now
    return max(.zero, end - start)
  }

  // MARK: One task

  private var detail: [String] {
    guard let task = state.detail?.task else { return [] }
    var lines = [""]
    if let summary = state.detail?.reasons?.text("summary") { lines += ["  " + SafeText.line(summary), ""] }
    for member in task.members() ?? [] where !["links", "history"].contains(member.name) && !member.value.isNull {
      let text = member.value.stringValue ?? JSONText.line(member.value, escaping: true)
      lines.append("  " + member.name.replacing("_", with: " ").padded(to: 26) + SafeText.line(text))
    }
    for attempt in task.list("history") {
      lines.append("  " + "attempt".padded(to: 26) + JSONText.line(attempt, escaping: true))
    }
    return lines + ["", "  Any key leads back."]
  }
}

extension TextWidth {
  /// Whether a text without escapes is too wide; one with colours was fitted before.
  fileprivate static func isWider(_ text: String, than columns: Int) -> Bool {
    !text.contains("\u{1B}") && of(text) > columns
  }
}
