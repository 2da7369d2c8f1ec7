import CelerityCore

/// How far a client has followed a stream: what `id:` says and `Last-Event-ID` brings back.
///
/// `412` is a change number; `412.7` says besides that the task's log was followed up to line 7; `412.7.end` that the
/// stream had come to its end. To clients it is opaque.
struct StreamPosition: Sendable, Hashable {
  /// The last change that was sent.
  var seq: ChangeNumber
  /// The last line of the log that was sent; 0 before the first.
  var line: Int64
  var isEnd: Bool

  init(seq: ChangeNumber, line: Int64 = 0, isEnd: Bool = false) {
    self.seq = seq
    self.line = line
    self.isEnd = isEnd
  }

  /// A position by its text; `nil` for what no stream ever said.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count), let seq = Self.number(parts[0]) else { return nil }
    self.init(seq: seq)
    if parts.count > 1 {
      guard let line = Self.number(parts[1]) else { return nil }
      self.line = line
    }
    if parts.count > 2 {
      guard parts[2] == "end" else { return nil }
      isEnd = true
    }
  }

  var text: String {
    if isEnd { return "\(seq).\(line).end" }
    return line == 0 ? "\(seq)" : "\(seq).\(line)"
  }

  /// `Int64.init` would take a sign too.
  private static func number(_ text: Substring) -> Int64? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
  }
}
