import CelerityCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few calls of the system that a store makes beside SQLite.
enum FileSystem {
  /// Zero for a file that is not there.
  static func size(_ path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Makes an empty file that only its owner may read.
  static func create(_ path: String) throws(EngineError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("create", path) }
    close(descriptor)
  }

  static func move(_ source: String, to target: String) throws(EngineError) {
    if rename(source, target) != 0 { throw failure("move", source) }
  }

  /// Removes a file if it is there.
  static func remove(_ path: String) { unlink(path) }

  /// Waits until a file is on the disk.
  static func sync(_ path: String) throws(EngineError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw failure("sync", path) }
  }

  /// Waits until the names in a file's directory are on the disk.
  static func syncDirectory(of path: String) throws(EngineError) {
    guard let slash = path.lastIndex(of: "/") else { return try sync(".") }
    try sync(slash == path.startIndex ? "/" : String(path[..<slash]))
  }

  private static func failure(_ call: String, _ path: String) -> EngineError {
    EngineError(
      .unavailable, "can't \(call) \(path): \(String(cString: strerror(errno)))",
      hint: "check that the directory exists, is writable and has room")
  }
}
