import CCrashVFS
import Foundation
import GRDBSQLite
import Synchronization

/// A directory tracked by the crash VFS: syncs cost nothing there, and it can say what would be left by a power cut.
final class Disk: Sendable {
  let root: URL
  private let directories: Mutex<[crash_disk]>

  init() throws {
    try CrashVFS.requireDefault()
    root = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    directories = Mutex([])
    try attach("live")
  }

  /// A disk with what a killed process leaves of a store: everything that was written.
  convenience init(copyOf path: String) throws {
    try self.init()
    for suffix in ["", "-wal", ".lock"] where FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: self.path + suffix)
    }
  }

  deinit {
    for disk in directories.withLock({ $0 }) { crash_disk_detach(disk) }
    try? FileManager.default.removeItem(at: root)
  }

  @discardableResult
  private func attach(_ name: String) throws -> crash_disk {
    let directory = root.appending(path: name)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let disk = crash_disk_attach(directory.path)
    guard disk > 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EINVAL) }
    directories.withLock { $0.append(disk) }
    return disk
  }

  /// The disk of the live store.
  var identifier: crash_disk { directories.withLock { $0[0] } }

  /// The path of the live store.
  var path: String { root.appending(path: "live/store.db").path }

  var stats: crash_stats { crash_disk_stats(identifier) }

  /// How many bytes a file of the live store has.
  func size(_ suffix: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
    return attributes?[.size] as? Int ?? 0
  }

  /// The number of operations so far.
  var operations: Int64 { crash_operations(identifier) }

  /// Where the image of a name is; it may not exist yet.
  func imageDirectory(_ name: String) -> String { root.appending(path: name).path }

  /// Takes an image of this moment and answers the path of the store in it, on a disk of its own.
  func image(_ mode: CrashMode, seed: UInt64 = 0, name: String = UUID().uuidString) throws -> String {
    guard crash_materialise(identifier, imageDirectory(name), seed, mode.code) >= 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
    return try open(name)
  }

  /// The path of the store in an image that was taken before, on a disk of its own.
  func open(_ name: String) throws -> String {
    try attach(name)
    return root.appending(path: name).appending(path: "store.db").path
  }

  /// Lets the `nth` call from now fail, and all later ones too if wanted.
  func fail(_ call: crash_call, _ nth: Int64, _ code: Int32, fromThenOn: Bool = false) {
    crash_fail(identifier, call, nth, code, fromThenOn ? 1 : 0)
  }

  func heal() { crash_heal(identifier) }
}

/// `crash_mode` as a Swift enumeration, for parameterised tests.
enum CrashMode: CaseIterable, Sendable {
  case dropUnsynced, keepPrefix, tornSubset, keepAll

  var code: crash_mode {
    switch self {
    case .dropUnsynced: CRASH_DROP_UNSYNCED
    case .keepPrefix: CRASH_KEEP_PREFIX
    case .tornSubset: CRASH_TORN_SUBSET
    case .keepAll: CRASH_KEEP_ALL
    }
  }
}

/// The store's library opens its files with SQLite's default VFS, so the crash VFS has to be that. A copy of it under
/// another name is, because other suites of the process register the original anew and not as the default.
enum CrashVFS {
  private static let code: Int32 = {
    let code = crash_vfs_register(0)
    guard code == SQLITE_OK, let original = sqlite3_vfs_find("crash") else { return code }
    let copy = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    copy.initialize(to: original.pointee)
    copy.pointee.zName = UnsafePointer(strdup("crash-default"))
    return sqlite3_vfs_register(copy, 1)
  }()

  static func requireDefault() throws {
    if code != SQLITE_OK { throw POSIXError(.ENODEV) }
  }
}
