import CelerityCore
import SQLiteEngine

/// Says what to do when another process owns the store: that depends on the verb, which the store does not know.
struct StoreInUse {
  private let found: EngineError
  private let settings: ResolvedSettings

  init(_ error: EngineError, _ settings: ResolvedSettings) {
    found = error
    self.settings = settings
  }

  /// The error with advice made of who owns the store and where that is; any other error as it is.
  func error(_ advice: (_ owner: String, _ place: String) -> String) async -> EngineError {
    guard found.code == .owned, let path = try? EngineChoice.storePath(settings) else { return found }
    let owner = await StoreInspection.look(at: path)?.owner.map { "process \($0)" } ?? "another process"
    var error = found
    error.hint = advice(owner, settings[Settings.engine].isEmpty ? settings[Settings.data] : path)
    return error
  }

  /// For verbs that need the store for themselves.
  static func stopFirst(_ owner: String, _ place: String) -> String {
    "stop it first (\(owner)), or name another store with --data"
  }
}
