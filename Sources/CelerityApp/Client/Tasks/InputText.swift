#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads files and standard input.
enum InputText {
  /// The bytes of a file; `-` is standard input.
  static func bytes(of path: String, limit: Int = 64 << 20) throws(ClientError) -> [UInt8] {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { if descriptor != 0 { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      if descriptor == 0 { try awaitInput() }
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(path) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= limit else {
        throw ClientError(
          "\(name(path)) is too long", cause: "at most \(limit >> 20) MiB are read", status: .usage)
      }
    }
  }

  /// Returns when standard input has something or has ended. A person may think about it for long, and Ctrl-C must work
  /// meanwhile: reading itself can't be cancelled.
  static func awaitInput() throws(ClientError) {
    var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    while poll(&input, 1, 50) <= 0 {
      if Task.isCancelled { throw .interrupted }
    }
  }

  /// How a path is called in messages.
  static func name(_ path: String) -> String { path == "-" ? "standard input" : path }

  /// The file can not be read, for the reason that `errno` holds.
  static func unreadable(_ path: String) -> ClientError {
    ClientError("can't read \(name(path))", cause: String(cString: strerror(errno)), status: .usage)
  }
}
