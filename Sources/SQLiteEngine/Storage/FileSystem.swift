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

  /// Bytes that a program may still write on the disk of a file; all there could be when that can't be told.
  static func freeSpace(_ path: String) -> Int64 {
    var status = statvfs()
    guard statvfs(directory(of: path), &status) == 0 else { return .max }
    let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    return overflow ? .max : Int64(clamping: bytes)
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
    try sync(directory(of: path))
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func failure(_ call: String, _ path: String) -> EngineError {
    EngineError(
      .unavailable, "can't \(call) \(path): \(String(cString: strerror(errno)))",
      hint: "check that the directory exists, is writable and has room")
  }
}
