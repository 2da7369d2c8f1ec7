import CelerityCore
import GRDB

/// Copies of a store in one file: backups, and backups put back.
enum StoreCopy {
  /// Writes what a store holds now into a new file, on a reading connection of its own: neither writers nor readers wait.
  static func write(_ source: String, to target: String) throws {
    guard !FileSystem.exists(target) else {
      throw EngineError(.invalid, "\(target) exists already", hint: "name a file that does not")
    }
    var options = Configuration()
    options.readonly = true
    options.busyMode = .timeout(StoreFile.patience)
    try FileSystem.create(target)
    do {
      let queue = try DatabaseQueue(path: source, configuration: options)
      try queue.inDatabase { db in _ = try db.run("VACUUM INTO ?", [.text(target)]) }
      try queue.close()
      try FileSystem.sync(target)
    } catch {
      FileSystem.remove(target)
      throw error
    }
  }

  static func restore(_ source: String, to target: String, _ isReplacing: Bool) throws {
    let lock = try FileLock(store: target)
    defer { lock.release() }
    let isInterrupted = lock.acknowledged == FileLock.restoring
    let exists = FileSystem.size(target) > 0 || FileSystem.size(target + "-wal") > 0
    guard isReplacing || isInterrupted || !exists else {
      throw EngineError(.invalid, "there is a store at \(target)", hint: "replace it with --replace; it is kept beside")
    }
    let fresh = target + ".restoring"
    FileSystem.remove(fresh)
    try verify(source)
    try write(source, to: fresh)
    // From here until the end an owner would find half of each.
    lock.acknowledge(FileLock.restoring)
    try FileSystem.sync(target + ".lock")
    FileSystem.remove(target + ".before-restore-wal")
    for suffix in ["", "-wal"] where FileSystem.exists(target + suffix) {
      try FileSystem.move(target + suffix, to: target + ".before-restore" + suffix)
    }
    FileSystem.remove(target + "-shm")
    // What was cached came from the store that was there.
    StoreCache.remove(SQLiteConfiguration.cachePath(of: target))
    try FileSystem.move(fresh, to: target)
    try FileSystem.syncDirectory(of: target)
    lock.acknowledge(0)
  }

  /// Throws unless a file is a sound store of a version this program knows.
  private static func verify(_ source: String) throws {
    guard FileSystem.size(source) > 0 else {
      throw EngineError(.invalid, "there is no backup at \(source)", hint: "name a file written by `celerity backup`")
    }
    var options = Configuration()
    options.readonly = true
    let queue = try DatabaseQueue(path: source, configuration: options)
    try queue.inDatabase { db in
      try Schema.check(db)
      try StoreCheck.run(db)
      _ = try StoreRow(db)
    }
    try queue.close()
  }
}
