import CelerityCore
import GRDB
import Synchronization

/// The cache beside a store: a file of its own, opened when it is first used. A file that can't be trusted is made anew,
/// and no error of it is an error of the store.
final class StoreCache: Sendable {
  private enum State {
    /// With what was there before and must make way.
    case unopened(CacheFile?)
    case opening(Opening)
    case open(CacheFile)
    /// It could not be opened; not to be tried again before this time.
    case failed(EngineError, until: Duration)
    case closed
  }

  private enum Entry {
    case open(CacheFile)
    case opening(Opening)
  }

  private typealias Opening = Task<Result<CacheFile, EngineError>, Never>

  /// How long a file that can't be opened is left alone.
  private static let pause = Duration.seconds(30)

  private let path: String
  private let clock: StoreClock
  private let time: any TimeSource
  private let warn: @Sendable (String) -> Void
  private let freeSpace: @Sendable (String) -> Int64
  private let state = Mutex(State.unopened(nil))

  init(_ configuration: SQLiteConfiguration, _ clock: StoreClock) {
    path = SQLiteConfiguration.cachePath(of: configuration.path)
    warn = configuration.warn
    freeSpace = configuration.freeSpace
    time = configuration.time
    self.clock = clock
  }

  /// The moment at which a call happens, on the store's time.
  var now: StoreTime { clock.now }

  /// Whether there is anything: a look at the figures makes no file.
  var exists: Bool { state.withLock { if case .open = $0 { true } else { false } } || FileSystem.exists(path) }

  /// Throws `storageFull` when so little of the disk is left that it is the store's.
  func checkSpace(for bytes: Int) throws(EngineError) {
    guard freeSpace(path) >= SQLiteConfiguration.reservedSpace + Int64(bytes) else {
      throw EngineError(
        .storageFull, "the last \(SQLiteConfiguration.reservedSpace >> 20) MiB of the disk are for tasks and results",
        hint: "free space; the cache goes on by itself")
    }
  }

  /// Works with the file. One that turns out to be damaged is thrown away, and whoever comes next gets a new one.
  func use<T: Sendable>(_ body: (CacheFile) async throws -> T) async throws(EngineError) -> T {
    let file = try await file()
    do {
      return try await body(file)
    } catch {
      if Self.isDamage(error), giveUp(file) { warn(Self.notice(path, error)) }
      throw Self.described(error)
    }
  }

  /// Has the next one make a new file; `false` when somebody has seen to that.
  private func giveUp(_ file: CacheFile) -> Bool {
    state.withLock { state in
      guard case .open(let current) = state, current === file else { return false }
      state = .unopened(file)
      return true
    }
  }

  private static func notice(_ path: String, _ error: any Error) -> String {
    "the cache \(path) is made anew: \(described(error).message)"
  }

  /// The words for a damaged store would send people to their backups.
  private static func described(_ error: any Error) -> EngineError {
    let described = EngineError(describing: error)
    return described.code == .corrupt ? EngineError(.corrupt, "the cache's file is damaged") : described
  }

  private static func isDamage(_ error: any Error) -> Bool {
    guard let code = (error as? DatabaseError)?.resultCode else { return (error as? EngineError)?.code == .corrupt }
    switch code {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_ERROR,
      .SQLITE_CONSTRAINT, .SQLITE_MISMATCH:
      return true
    default: return false
    }
  }

  // MARK: Opening and closing

  private func file() async throws(EngineError) -> CacheFile {
    let entry = try state.withLock { (state) throws(EngineError) -> Entry in
      switch state {
      case .closed: throw EngineError.storeIsClosed
      case .failed(let error, let until) where time.uptime < until: throw error
      case .open(let file): return .open(file)
      case .opening(let task): return .opening(task)
      case .unopened, .failed:
        var previous: CacheFile?
        if case .unopened(let file) = state { previous = file }
        let task = Task { [previous] in await open(replacing: previous) }
        state = .opening(task)
        return .opening(task)
      }
    }
    switch entry {
    case .open(let file): return file
    case .opening(let task): return try await file(from: task)
    }
  }

  private func file(from task: Opening) async throws(EngineError) -> CacheFile {
    let result = await task.value
    state.withLock { state in
      guard case .opening(task) = state else { return }
      switch result {
      case .success(let file): state = .open(file)
      case .failure(let error): state = .failed(error, until: time.uptime + Self.pause)
      }
    }
    return try result.get()
  }

  private func open(replacing previous: CacheFile?) async -> Result<CacheFile, EngineError> {
    do throws(EngineError) {
      return .success(
        try await onOwnThread { [path, warn] in
          if let previous {
            previous.giveUp()
            Self.remove(path)
          }
          do {
            return try CacheFile(path)
          } catch  where Self.isDamage(error) {
            warn(Self.notice(path, error))
            Self.remove(path)
            return try CacheFile(path)
          }
        })
    } catch {
      warn("the cache \(path) can't be used: \(error.message)")
      return .failure(error)
    }
  }

  /// Removes a cache's file and what SQLite keeps beside it.
  static func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm"] { FileSystem.remove(path + suffix) }
  }

  /// Writes what is noted and closes the file.
  func close() async {
    let before = state.withLock { state in
      defer { state = .closed }
      return state
    }
    switch before {
    case .open(let file): _ = try? await onOwnThread { file.close() }
    case .opening(let task):
      guard case .success(let file) = await task.value else { return }
      _ = try? await onOwnThread { file.close() }
    case .unopened(let file?): _ = try? await onOwnThread { file.giveUp() }
    case .unopened(nil), .failed, .closed: break
    }
  }
}
