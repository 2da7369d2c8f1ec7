public import CelerityCore
import GRDB

/// How an SQLite store is opened.
public struct SQLiteConfiguration: Sendable {
  /// What a submission survives before it is accepted.
  public enum Durability: String, Sendable, CaseIterable {
    /// The death of any process and a power cut.
    case durable
    /// The death of any process; a power cut may take the last commits.
    case relaxed
  }

  public var path: String
  public var durability: Durability
  public var lifecycle: LifecyclePolicy
  public var rank: PriorityRank
  public var time: any TimeSource
  /// Connections for reading.
  public var readers: Int
  /// Told, for a log, what was wrong with the cache and is mended.
  public var warn: @Sendable (String) -> Void = { _ in }
  /// How many bytes are free on the disk of a file; tests say so themselves.
  var freeSpace: @Sendable (String) -> Int64 = FileSystem.freeSpace
  /// Pages written to the log between two checkpoints; tests want many.
  var checkpointPages = 4000
  /// Change numbers that are reserved together; tests want few.
  var reservedNumbers: ChangeNumber = 1 << 20

  /// A store in a file.
  public init(
    path: String, durability: Durability = .durable, lifecycle: LifecyclePolicy = LifecyclePolicy(),
    rank: PriorityRank = PriorityRank(), time: any TimeSource = SystemTime(), readers: Int = 3
  ) {
    self.path = path
    self.durability = durability
    self.lifecycle = lifecycle
    self.rank = rank
    self.time = time
    self.readers = readers
  }

  /// The file of the cache beside a store, which may be deleted whenever the store is not open.
  public static func cachePath(of store: String) -> String { store + ".cache" }

  /// Bytes of the disk that no cache takes.
  static let reservedSpace: Int64 = 64 << 20
}

/// A store in one SQLite file, owned by one process.
///
/// WAL with `synchronous = FULL`; one connection writes and does every checkpoint (SQLite before 3.51.3 can lose pages
/// when two connections checkpoint at once); readers see snapshots. Opening takes back every lease: whoever held one
/// died with the process that owned the file before.
public final class SQLiteStore: Sendable {
  let memory: WriterMemory
  let commits: CommitGroup
  private let path: String
  let storeCache: StoreCache
  private let readers: Readers
  private let lock: FileLock

  /// Opens or creates a store, checks that it is sound and durable as asked, and takes back the leases of the dead.
  public static func open(_ configuration: SQLiteConfiguration) async throws(EngineError) -> SQLiteStore {
    let lock = try FileLock(store: configuration.path)
    let store: SQLiteStore
    do {
      store = SQLiteStore(configuration, try await onOwnThread { try StoreFile.open(configuration, lock) }, lock)
    } catch {
      lock.release()
      throw error
    }
    do {
      try await store.commits.write { try $0.takeBackAllLeases() }
    } catch {
      await store.close()
      throw error
    }
    return store
  }

  private init(_ configuration: SQLiteConfiguration, _ opened: StoreFile.Opened, _ lock: FileLock) {
    path = configuration.path
    self.lock = lock
    let policy = StorePolicy(lifecycle: TaskLifecycle(policy: configuration.lifecycle), rank: configuration.rank)
    let clock = StoreClock(time: configuration.time, remembered: opened.time)
    memory = WriterMemory(state: opened.state, clock: clock, time: configuration.time, policy: policy)
    storeCache = StoreCache(configuration, clock)
    readers = Readers(opened.pool)
    commits = CommitGroup(configuration, lock, memory, readers)
    commits.start(opened.pool)
  }

  deinit { commits.letGo() }

  /// Ends all waiting, finishes what is being written, checkpoints and gives the file free.
  public func close() async {
    memory.fetchBells.close()
    memory.dutyBells.close()
    memory.orderBells.close()
    await storeCache.close()
    await commits.close()
    memory.hints.close()
    lock.release()
  }

  /// Writes a consistent copy of the store into a new file while work goes on.
  public func backup(to target: String) async throws(EngineError) {
    try commits.checkOpen()
    let path = path
    try await onOwnThread { try StoreCopy.write(path, to: target) }
  }

  /// Puts a backup in the place of a store that nobody uses. The store that was there is kept beside it, with
  /// `.before-restore` after its name.
  ///
  /// - Parameters:
  ///   - source: a file written by `backup`, or a store that was closed.
  ///   - target: where the store is to be.
  ///   - isReplacing: whether a store that is there gives way; without it that is an error.
  public static func restore(
    from source: String, to target: String, replacing isReplacing: Bool = false
  ) throws(EngineError) {
    do {
      try StoreCopy.restore(source, to: target, isReplacing)
    } catch {
      throw EngineError(describing: error)
    }
  }

  /// Reads in a snapshot.
  func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(EngineError) -> T {
    try await readers.read(body)
  }
}
