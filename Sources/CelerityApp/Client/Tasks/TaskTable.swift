import CelerityCore
import CelerityJSON

/// Tasks as rows and as fields.
enum TaskTable {
  /// The columns of a list of tasks.
  static let columns = [
    Table.Column("id", .identifier), Table.Column("task", .elastic), Table.Column("state"),
    Table.Column("queue", .optional),
    Table.Column("created_at", .optional, title: "created"),
    Table.Column("run_seconds", .optional, numeric: true, title: "run time"),
    Table.Column("attempts", .optional, numeric: true), Table.Column("worker", .optional),
  ]

  /// A list of tasks.
  static func table(_ tasks: [RawJSON], now: Timestamp) -> Table {
    Table(
      columns,
      rows: tasks.map { task in
        [
          Table.Cell(ifPresent: task["id"]?.stringValue), Table.Cell(ifPresent: task["task"]?.stringValue),
          Table.Cell(state: task["state"]?.stringValue ?? ""), Table.Cell(ifPresent: task["queue"]?.stringValue),
          Table.Cell(moment: task["created_at"]?.stringValue, now: now),
          Table.Cell(duration: runTime(task, now: now)), Table.Cell(number: task["attempts"]?.int64Value),
          Table.Cell(ifPresent: task["worker"]?.stringValue),
        ]
      })
  }

  /// How long the last attempt ran, or has run until now.
  static func runTime(_ task: RawJSON, now: Timestamp) -> Duration? {
    guard let start = task["started_at"]?.stringValue.flatMap({ Timestamp($0) }) else { return nil }
    let state = task["state"]?.stringValue.flatMap(TaskState.init(rawValue:))
    guard let finished = task["finished_at"]?.stringValue.flatMap({ Timestamp($0) }) else {
      return state == .started || state == .progress ? max(.zero, now - start) : nil
    }
    return finished >= start ? finished - start : nil
  }

  /// All that is known of a task. What is absent is left out for people and empty for programs.
  static func fields(_ task: RawJSON, now: Timestamp) -> [(name: String, cell: Table.Cell)] {
    func text(_ name: String) -> (name: String, cell: Table.Cell) {
      (name, Table.Cell(ifPresent: task[name]?.stringValue))
    }
    func number(_ name: String) -> (name: String, cell: Table.Cell) {
      (name, Table.Cell(number: task[name]?.int64Value))
    }
    func moment(_ name: String) -> (name: String, cell: Table.Cell) { (name, exactMoment(task[name], now)) }
    func json(_ name: String) -> (name: String, cell: Table.Cell) { (name, Table.Cell(json: task[name])) }
    return [
      text("id"), text("task"), ("state", Table.Cell(state: task["state"]?.stringValue ?? "")), text("queue"),
      number("priority"), json("args"), json("kwargs"), json("result"), ("error", error(task["error"])),
      ("progress", progress(task["progress"])), number("attempts"), number("retries"),
      ("cancel_requested", Table.Cell(json: task["cancel_requested"])), text("worker"), moment("created_at"),
      moment("eta"), moment("due_at"), moment("expires_at"), moment("started_at"), moment("finished_at"),
      ("run_seconds", Table.Cell(duration: runTime(task, now: now))),
      ("time_limit_seconds", Table.Cell(json: task["time_limit_seconds"])), text("parent_id"), text("root_id"),
      text("group_id"), json("tags"),
    ]
  }

  private static func exactMoment(_ value: RawJSON?, _ now: Timestamp) -> Table.Cell {
    guard let text = value?.stringValue else { return .none }
    return Table.Cell(
      text, shown: Timestamp(text).map { "\(HumanText.moment($0))   \(HumanText.relative($0, to: now))" })
  }

  private static func progress(_ value: RawJSON?) -> Table.Cell {
    guard let value, let progress = TaskProgress(value) else { return .none }
    var cell = Table.Cell(json: value)
    cell.shown = SafeText.line(progress.text)
    return cell
  }

  private static func error(_ value: RawJSON?) -> Table.Cell {
    guard let value, !value.isNull else { return .none }
    var cell = Table.Cell(json: value)
    let words = [value["type"]?.stringValue, value["message"]?.stringValue].compactMap(\.self)
    cell.shown = SafeText.line(words.joined(separator: ": "))
    cell.tone = .bad
    return cell
  }
}
