import CelerityCore
import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder of small text files, one for each alert. It is made when it is not there, and a file appears in it whole or
/// not at all, under a name that no other file has.
struct ReportFolder: Sendable {
  let path: String
  private let queue = DispatchQueue(label: "celerity.reports")

  init(_ path: String) { self.path = path }

  /// Writes a file whose name begins so; it is on the disk when this returns. Answers its name.
  func write(_ text: String, named beginning: String) async throws(EngineError) -> String {
    let result = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: Result { () throws(EngineError) in try put(text, beginning) }) }
    }
    return try result.get()
  }

  private func put(_ text: String, _ beginning: String) throws(EngineError) -> String {
    // Somebody may remove the folder between two steps, so it is made again, once.
    do {
      return try place(text, beginning)
    } catch {
      try make()
      return try place(text, beginning)
    }
  }

  private func make() throws(EngineError) {
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { _ = mkdir(String(path[..<slash]), 0o700) }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("make", path) }
  }

  private func place(_ text: String, _ beginning: String) throws(EngineError) -> String {
    let hidden = "\(path)/.\(Self.random).part"
    try fill(hidden, Array(text.utf8))
    defer { unlink(hidden) }
    var name = "\(beginning).txt"
    for _ in 0..<100 {
      // Unlike a renaming, a link never takes the place of a file that is there.
      if link(hidden, "\(path)/\(name)") == 0 {
        syncFolder()
        return name
      }
      guard errno == EEXIST else { throw failure("make", name) }
      name = "\(beginning)_\(Self.random).txt"
    }
    throw failure("make", name)
  }

  private func fill(_ file: String, _ bytes: [UInt8]) throws(EngineError) {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("make", file) }
    defer { close(descriptor) }
    // A text this short is written in one piece or not at all.
    let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    guard count == bytes.count, fsync(descriptor) == 0 else {
      let error = failure("write", file)
      unlink(file)
      throw error
    }
  }

  private func syncFolder() {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  private func failure(_ verb: String, _ what: String) -> EngineError {
    EngineError(
      errno == ENOSPC || errno == EDQUOT ? .storageFull : .unavailable,
      "can't \(verb) \(what): \(String(cString: strerror(errno)))")
  }

  private static var random: String { String(UInt64.random(in: .min ... .max), radix: 36) }
}
