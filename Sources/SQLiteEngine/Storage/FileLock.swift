import CelerityCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lock by which one process owns a store: `flock` on a file beside it, which the kernel releases when the process
/// ends, however it ends.
///
/// The file holds two lines: the owner's process id, for the message to others, and the number of the last commit that
/// was acknowledged as durable. That number is written after the sync and never synced itself, so it is never ahead of
/// the store; a store that is behind it has lost what somebody was told to be safe.
final class FileLock: Sendable {
  /// The number found while a restore is under way.
  static let restoring = Int64.max

  /// What the last owner acknowledged; zero when there was none.
  let acknowledged: Int64
  private let descriptor: Mutex<Int32?>

  private static let lineLength = 20

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
      let owner = Self.numbers(descriptor).first.flatMap { $0 }.map { "process \($0)" } ?? "another process"
      close(descriptor)
      throw EngineError(
        .owned, "the store \(path) is in use by \(owner)",
        hint: "one process at a time owns a store: talk to that one over HTTP, or stop it first")
    }
    acknowledged = Self.numbers(descriptor).dropFirst().first.flatMap { $0 } ?? 0
    self.descriptor = Mutex(descriptor)
    write(Int64(getpid()), line: 0)
    write(acknowledged, line: 1)
  }

  deinit { release() }

  /// Remembers that a commit is on the disk and that its callers are told.
  func acknowledge(_ commit: Int64) { write(commit, line: 1) }

  /// Lets others take the store.
  func release() {
    let open = descriptor.withLock { descriptor in
      defer { descriptor = nil }
      return descriptor
    }
    guard let open else { return }
    // Closing alone would leave it to a child process that is being started just now and still shares the descriptor.
    flock(open, LOCK_UN)
    close(open)
  }

  private func write(_ number: Int64, line: Int) {
    let digits = String(number)
    let text = digits + String(repeating: " ", count: max(0, Self.lineLength - digits.utf8.count)) + "\n"
    let offset = off_t(line * (Self.lineLength + 1))
    descriptor.withLock { descriptor in
      // A number that can't be written leaves an older one, which is as true.
      if let descriptor { _ = text.withCString { pwrite(descriptor, $0, Self.lineLength + 1, offset) } }
    }
  }

  private static func numbers(_ descriptor: Int32) -> [Int64?] {
    var buffer = [UInt8](repeating: 0, count: 2 * (lineLength + 1))
    let count = pread(descriptor, &buffer, buffer.count, 0)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: "\n").map { line in
      Int64(line.filter { !$0.isWhitespace })
    }
  }
}
