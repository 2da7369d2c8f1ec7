import CelerityCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The directory in which a process makes scratch directories: one of several beside each other, each with a lock that
/// the system gives back when its process dies. Process numbers would not do: they come again, and differ between
/// containers that share a disk.
final class ProgramRoom: Sendable {
  private struct State {
    /// Ours, and the lock that says so.
    var own: (path: String, lock: Int32)?
    var next = 0
  }

  private static let prefix = "process-"
  private let directory: String
  private let state = Mutex(State())

  init(_ directory: String) { self.directory = directory }

  deinit { close() }

  /// Makes our directory, once, and removes those of the dead.
  func open() throws(ProgramError) {
    _ = try state.withLock { (state) throws(ProgramError) in try opened(&state) }
  }

  /// A path for a new scratch directory, where nothing is yet.
  func place() throws(ProgramError) -> String {
    try state.withLock { (state) throws(ProgramError) in
      let own = try opened(&state)
      state.next += 1
      return "\(own)/\(state.next)"
    }
  }

  func close() {
    state.withLock { state in
      guard let own = state.own else { return }
      state.own = nil
      _ = DirectoryTree.remove(own.path)
      _ = Self.closeFile(own.lock)
    }
  }

  private func opened(_ state: inout State) throws(ProgramError) -> String {
    if let own = state.own { return own.path }
    let root = try Self.made(directory)
    // Held from the making of a directory to its locking, so that nobody takes a new one for one of the dead.
    let gate = try Self.locked(root + "/.gate", waiting: true)
    defer { _ = Self.closeFile(gate) }
    sweep(root)
    let path = "\(root)/\(Self.prefix)\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 36))"
    guard mkdir(path, 0o700) == 0 else { throw Self.failure("make", path) }
    state.own = (path, try Self.locked(path + "/.lock", waiting: false))
    return path
  }

  private func sweep(_ root: String) {
    for name in DirectoryTree.names(in: root) where name.hasPrefix(Self.prefix) {
      let path = "\(root)/\(name)"
      guard let lock = try? Self.locked(path + "/.lock", waiting: false) else { continue }
      StrayProcesses.kill(under: path)
      _ = DirectoryTree.remove(path)
      _ = Self.closeFile(lock)
    }
  }

  /// Makes a directory and the one it is in; answers its path from the root.
  private static func made(_ directory: String) throws(ProgramError) -> String {
    if let slash = directory.lastIndex(of: "/"), slash != directory.startIndex {
      _ = mkdir(String(directory[..<slash]), 0o700)
    }
    guard mkdir(directory, 0o700) == 0 || errno == EEXIST, let resolved = realpath(directory, nil) else {
      throw failure("make", directory)
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func locked(_ path: String, waiting: Bool) throws(ProgramError) -> Int32 {
    let file = openFile(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { throw failure("open", path) }
    while flock(file, LOCK_EX | (waiting ? 0 : LOCK_NB)) != 0 {
      if errno == EINTR { continue }
      let error = failure("lock", path)
      _ = closeFile(file)
      throw error
    }
    return file
  }

  private static func failure(_ verb: String, _ path: String) -> ProgramError {
    ProgramError(.failed, "can't \(verb) \(path): \(String(cString: strerror(errno)))")
  }

  private static func openFile(_ path: String, _ flags: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.open(path, flags, 0o600)
    #elseif canImport(Musl)
      Musl.open(path, flags, 0o600)
    #elseif canImport(Darwin)
      Darwin.open(path, flags, 0o600)
    #endif
  }

  private static func closeFile(_ file: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.close(file)
    #elseif canImport(Musl)
      Musl.close(file)
    #elseif canImport(Darwin)
      Darwin.close(file)
    #endif
  }
}
