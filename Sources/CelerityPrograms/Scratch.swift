import CelerityCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The directory of one run. It is held open, so that files are looked for in it whatever the program did to its name.
final class Scratch: Sendable {
  let path: String
  private let directory: Int32

  /// Makes the directory, for its owner alone, and writes files into it.
  init(at path: String, files: [(name: String, bytes: [UInt8])]) throws(ProgramError) {
    guard mkdir(path, 0o700) == 0 else { throw Self.failure("make", path) }
    self.path = path
    directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard directory >= 0 else { throw Self.failure("open", path) }
    do {
      for file in files { try write(file.bytes, as: file.name) }
    } catch {
      _ = DirectoryTree.remove(path)
      throw error
    }
  }

  deinit { close(directory) }

  /// What the program made; what is not there is left out, what is no ordinary file or too long is refused.
  func outputs(_ names: [String], limit: Int) throws(ProgramError) -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for name in names { found[name] = try output(name, limit) }
    return found
  }

  /// Removes everything; whether nothing is left.
  func remove() -> Bool { DirectoryTree.remove(path) }

  private func write(_ bytes: [UInt8], as name: String) throws(ProgramError) {
    let file = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Self.failure("make", name) }
    defer { close(file) }
    guard writeAll(bytes, to: file) else { throw Self.failure("write", name) }
  }

  private func output(_ name: String, _ limit: Int) throws(ProgramError) -> [UInt8]? {
    // A pipe that nobody writes to must not hold this up.
    let file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      if errno == ELOOP { throw ProgramError(.failed, "'\(name)' is a symbolic link and is not read") }
      throw Self.failure("open", name)
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ProgramError(.failed, "'\(name)' is no ordinary file and is not read")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(max(0, min(Int(status.st_size), limit)))
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure("read", name) }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else {
        throw ProgramError(.failed, "'\(name)' is longer than \(limit) bytes")
      }
      bytes += buffer[..<count]
    }
  }

  private static func failure(_ verb: String, _ name: String) -> ProgramError {
    ProgramError(.failed, "can't \(verb) '\(name)': \(String(cString: strerror(errno)))")
  }
}
