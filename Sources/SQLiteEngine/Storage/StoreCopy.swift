import CelerityCore
import GRDB

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Copies of a store in one file: backups, and backups put back.
enum StoreCopy {
  /// Writes what a store holds now into a new file, on a reading connection of its own: neither writers nor readers wait.
  static func write(_ source: String, to target: String) throws {
    guard access(target, F_OK) != 0 else {
      throw EngineError(.invalid, "\(target) exists already", hint: "name a file that does not")
    }
    var options = Configuration()
    options.readonly = true
    options.busyMode = .timeout(StoreFile.patience)
    options.prepareDatabase { db in try db.execute(sql: "PRAGMA temp_store = MEMORY") }
    do {
      let queue = try DatabaseQueue(path: source, configuration: options)
      try queue.inDatabase { db in _ = try db.run("VACUUM INTO ?", [.text(target)]) }
      try queue.close()
      chmod(target, 0o600)
      try sync(target)
    } catch {
      unlink(target)
      throw error
    }
  }

  static func restore(_ source: String, to target: String, _ isReplacing: Bool) throws {
    let lock = try FileLock(store: target)
    defer { lock.release() }
    let isInterrupted = lock.acknowledged == FileLock.restoring
    let exists = StoreFile.size(target) > 0 || StoreFile.size(target + "-wal") > 0
    guard isReplacing || isInterrupted || !exists else {
      throw EngineError(.invalid, "there is a store at \(target)", hint: "replace it with --replace; it is kept beside")
    }
    let fresh = target + ".restoring"
    unlink(fresh)
    try verify(source)
    try write(source, to: fresh)
    // From here until the end an owner would find half of each.
    lock.acknowledge(FileLock.restoring)
    try sync(target + ".lock")
    unlink(target + ".before-restore-wal")
    for suffix in ["", "-wal"] where access(target + suffix, F_OK) == 0 {
      try rename(target + suffix, target + ".before-restore" + suffix)
    }
    unlink(target + "-shm")
    try rename(fresh, target)
    try sync(directory(of: target))
    lock.acknowledge(0)
  }

  /// Throws unless a file is a sound store of a version this program knows.
  private static func verify(_ source: String) throws {
    guard StoreFile.size(source) > 0 else {
      throw EngineError(.invalid, "there is no backup at \(source)", hint: "name a file written by `celerity backup`")
    }
    var options = Configuration()
    options.readonly = true
    let queue = try DatabaseQueue(path: source, configuration: options)
    try queue.inDatabase { db in
      try Schema.check(db)
      let verdict = try db.first("PRAGMA quick_check(1)") { $0.text(0) }
      guard verdict == "ok" else {
        throw EngineError(.corrupt, "the backup is damaged: \(verdict ?? "no answer")", hint: "take another backup")
      }
      try Schema.verify(db)
      _ = try StoreRow(db)
    }
    try queue.close()
  }

  private static func rename(_ from: String, _ to: String) throws {
    #if canImport(Glibc)
      let code = Glibc.rename(from, to)
    #elseif canImport(Musl)
      let code = Musl.rename(from, to)
    #else
      let code = Darwin.rename(from, to)
    #endif
    if code != 0 { throw failure("rename", from) }
  }

  /// Waits until a file, or the names in a directory, are on the disk.
  private static func sync(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw failure("sync", path) }
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func failure(_ call: String, _ path: String) -> EngineError {
    EngineError(.unavailable, "can't \(call) \(path): \(String(cString: strerror(errno)))")
  }
}
