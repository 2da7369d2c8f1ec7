import CelerityCore

/// What is said on the channel of changes: the number of the last change, then a line for each changed task and for each
/// task whose log grew.
enum Hint {
  /// Lines of changed tasks.
  static func text(_ changes: [ChangeHint.Change]) -> String {
    changes.map { "\($0.state.rawValue) \($0.key.text)" }.joined(separator: "\n")
  }

  /// Lines of tasks whose logs grew.
  static func text(logged: [TaskKey]) -> String { logged.map { "+ \($0.text)" }.joined(separator: "\n") }

  /// Reads what was said; the batch is for the listener to count.
  static func read(_ text: String, batch: Int64) -> ChangeHint? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    guard let seq = lines.first.flatMap({ ChangeNumber($0) }) else { return nil }
    var hint = ChangeHint(batch: batch, seq: seq, changes: [])
    for line in lines.dropFirst() {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let key = TaskKey(stored: String(parts[1])) else { continue }
      if parts[0] == "+" {
        hint.logged.append(key)
      } else if let state = TaskState(rawValue: String(parts[0])) {
        hint.changes.append(ChangeHint.Change(key: key, state: state))
      }
    }
    return hint
  }
}
