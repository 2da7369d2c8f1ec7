import CelerityCore
import SQLiteEngine

/// The store: there, sound, private, and whose it is.
struct StoreInspectionCheck {
  let path: String

  private static let name = "store"

  /// What there is to say, and the process that owns the store.
  func run() async -> (findings: [Finding], owner: Int32?) {
    guard let inspection = await StoreInspection.look(at: path) else {
      return ([.ok(Self.name, "\(path) will be made at the first start")], nil)
    }
    return ([contents(inspection, path)] + permissions(path) + log(inspection), inspection.owner)
  }

  private func contents(_ inspection: StoreInspection, _ path: String) -> Finding {
    let size = ByteCountText.short(inspection.size)
    if let problem = inspection.problem {
      return .error(
        Self.name, problem.message,
        fix: problem.hint ?? "stop, keep the file, and restore a backup with celerity restore")
    }
    if inspection.isOwned {
      let owner = inspection.owner.map { "process \($0)" } ?? "another process"
      return .ok(Self.name, "\(path), \(size), owned by \(owner), which looks after it")
    }
    let depth = inspection.isCheckedWholly ? "every row checked" : "structure checked"
    return .ok(
      Self.name,
      "\(path), \(size), nobody's now, schema \(inspection.schemaVersion), journal \(inspection.journalMode), \(depth)")
  }

  private func permissions(_ path: String) -> [Finding] {
    guard let status = FileStatus(path), status.permissions & 0o077 != 0 else { return [] }
    return [
      .warning(
        Self.name, "others on this machine can read \(path): its permissions are \(status.permissionText)",
        fix: "chmod 600 \(ShellWords.quoted(path))*")
    ]
  }

  private func log(_ inspection: StoreInspection) -> [Finding] {
    guard inspection.logSize > 1 << 30 else { return [] }
    return [
      .warning(
        Self.name, "its log has grown to \(ByteCountText.short(inspection.logSize))",
        fix: "end programs that have the file open for reading; the owner moves the log into the file by itself")
    ]
  }
}
