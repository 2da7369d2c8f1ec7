import CCrashVFS
import Foundation

/// A directory tracked by the VFS, with room beside it for crash images.
struct Disk {
  let root: URL
  let identifier: crash_disk

  init() throws {
    try requireCrashVFS()
    root = FileManager.default.temporaryDirectory.appending(path: "crash-\(UUID().uuidString)")
    let live = root.appending(path: "live")
    try FileManager.default.createDirectory(at: live, withIntermediateDirectories: true)
    identifier = crash_disk_attach(live.path)
    guard identifier > 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EINVAL) }
  }

  /// The path of a file on the disk.
  func path(_ name: String = "ledger.db") -> String { root.appending(path: "live/\(name)").path }

  /// The path for an image; nothing exists there yet.
  func image(_ name: String) -> String { root.appending(path: name).path }

  /// The counters at this moment.
  var stats: crash_stats { crash_disk_stats(identifier) }

  /// The number of operations so far.
  var operations: Int64 { crash_operations(identifier) }

  /// Takes an image now and returns the number of operations in it.
  @discardableResult
  func materialise(_ name: String, seed: UInt64 = 0, _ mode: CrashMode) throws -> Int64 {
    let operation = crash_materialise(identifier, image(name), seed, mode.code)
    guard operation >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    return operation
  }

  /// Forgets the disk and deletes everything. Connections to it should be closed by then.
  func remove() {
    crash_disk_detach(identifier)
    try? FileManager.default.removeItem(at: root)
  }
}

/// `crash_mode` as a Swift enumeration, for parameterised tests.
enum CrashMode: CaseIterable {
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

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
