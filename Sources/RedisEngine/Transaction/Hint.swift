import CelerityCore

/// What is said on the channel of changes: the number of the last change, then a line for each changed task and for each
/// task whose log grew. An id may hold ends of lines, which stand as zeros here: of those it holds none.
enum Hint {
  /// Lines of changed tasks.
  static func text(_ changes: [ChangeHint.Change]) -> String {
    changes.map { "\($0.state.rawValue) \(line($0.key))" }.joined(separator: "\n")
  }

  /// Lines of tasks whose logs grew.
  static func text(logged: [TaskKey]) -> String { logged.map { "+ \(line($0))" }.joined(separator: "\n") }

  private static func line(_ key: TaskKey) -> String { replacing(10, by: 0, in: key.text) }

  private static func replacing(_ old: UInt8, by new: UInt8, in text: String) -> String {
    guard text.utf8.contains(old) else { return text }
    return String(decoding: text.utf8.map { $0 == old ? new : $0 }, as: UTF8.self)
  }

  /// Reads what was said; the batch is for the listener to count.
  static func read(_ text: String, batch: Int64) -> ChangeHint? {
    // By bytes: an id may hold what joins the character before it.
    let lines = text.utf8.split(separator: 10)
    guard let seq = lines.first.flatMap({ ChangeNumber(Substring($0)) }) else { return nil }
    var hint = ChangeHint(batch: batch, seq: seq, changes: [])
    for line in lines.dropFirst() {
      let parts = line.split(separator: 32, maxSplits: 1).map { String(Substring($0)) }
      guard parts.count == 2, let key = TaskKey(stored: replacing(0, by: 10, in: parts[1])) else { continue }
      if parts[0] == "+" {
        hint.logged.append(key)
      } else if let state = TaskState(rawValue: parts[0]) {
        hint.changes.append(ChangeHint.Change(key: key, state: state))
      }
    }
    return hint
  }
}
