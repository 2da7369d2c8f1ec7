import CelerityCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lock by which one process owns a store: `flock` on a file beside it, which the kernel releases when the process
/// ends, however it ends. The file holds the owner's process id, for the message to others.
struct FileLock: ~Copyable {
  private let descriptor: Int32

  /// Takes the lock of a store or throws `owned`.
  init(store path: String) throws(EngineError) {
    let lockPath = path + ".lock"
    let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw EngineError(
        .unavailable, "can't open \(lockPath): \(String(cString: strerror(errno)))",
        hint: "check that the data directory exists and is writable")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let owner = Self.owner(descriptor).map { "process \($0)" } ?? "another process"
      close(descriptor)
      throw EngineError(
        .owned, "the store \(path) is in use by \(owner)",
        hint: "one process owns an SQLite store; talk to it over HTTP, or use --engine redis://… for several processes")
    }
    let text = "\(getpid())\n"
    ftruncate(descriptor, 0)
    _ = text.withCString { pwrite(descriptor, $0, text.utf8.count, 0) }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  private static func owner(_ descriptor: Int32) -> Int? {
    var buffer = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    return Int(String(decoding: buffer[..<count], as: UTF8.self).filter(\.isNumber))
  }
}
