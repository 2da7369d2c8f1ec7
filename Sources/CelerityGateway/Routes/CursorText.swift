import CelerityCore

/// Cursors as clients see them: a position in hex and a check that it belongs to the filters it was made for. The check
/// finds mistakes, it proves nothing: a forged cursor only reaches the forger's own tasks.
struct CursorText: Sendable {
  private let filters: String

  /// Cursors of a query's filters, one of which is a search as the client wrote it.
  init(_ query: RecordQuery, search: String? = nil) {
    let states = query.states.map(\.rawValue).sorted().joined(separator: ",")
    let isDead = query.isDeadLetter.map { $0 ? "dead" : "alive" }
    filters = [
      query.tenant.name, states, query.task ?? "\u{0}", query.queue ?? "\u{0}", isDead ?? "", search ?? "\u{0}",
    ]
    .joined(separator: "\u{1F}")
  }

  /// A cursor's text.
  func text(of cursor: RecordCursor) -> String {
    let position = String(UInt64(bitPattern: cursor.position), radix: 16)
    return position + "." + String(check(position), radix: 16)
  }

  /// The cursor of a text; `nil` when it is not one of these filters'.
  func cursor(_ text: String) -> RecordCursor? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let position = UInt64(parts[0], radix: 16),
      parts[1] == String(check(String(parts[0])), radix: 16)
    else { return nil }
    return RecordCursor(position: Int64(bitPattern: position))
  }

  /// FNV-1a with 32 bits (Fowler, Noll, Vo; draft-eastlake-fnv).
  private func check(_ position: String) -> UInt32 {
    (position + "\u{1F}" + filters).utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }
}
