import CelerityCore
import CelerityJSON

extension RawJSON {
  /// The text of a member, nothing for other values.
  func text(_ name: String) -> String? { self[name]?.stringValue }

  /// The whole number of a member.
  func number(_ name: String) -> Int64? { self[name]?.int64Value }

  /// The elements of a member.
  func list(_ name: String) -> [RawJSON] { self[name]?.elements() ?? [] }

  /// The texts of a member, joined.
  func words(_ name: String) -> String { list(name).compactMap(\.stringValue).joined(separator: ", ") }
}

extension Table.Cell {
  /// Yes and no, of which one is worth a look.
  init(flag: Bool?, tone: Tone = .waiting) {
    self = flag.map { Table.Cell(String($0), shown: $0 ? "yes" : "no", tone: $0 ? tone : .faint) } ?? .none
  }

  /// A member that is a length of time in seconds.
  init(seconds: Double?) { self.init(duration: seconds.flatMap { Duration(clientSeconds: $0) }) }
}

extension ClientSession {
  /// Says what was done: the gateway's JSON, a sentence for people, one row for programs.
  func done(_ answer: RawJSON, _ sentence: String, _ row: [(name: String, cell: Table.Cell)]) throws(ClientError) {
    if output.isJSON { return try output.json(answer) }
    if output.isForPeople { return try output.line(SafeText.line(sentence)) }
    try output.table(Table(row.map { Table.Column($0.name) }, rows: [row.map(\.cell)]), empty: "")
  }

  /// A table of what was read, or the gateway's JSON.
  func show(_ answer: RawJSON, _ table: @autoclosure () -> Table, empty: String) throws(ClientError) {
    if output.isJSON { return try output.json(answer) }
    try output.table(table(), empty: empty)
  }
}
