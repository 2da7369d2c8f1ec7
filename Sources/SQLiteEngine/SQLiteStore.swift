public import CelerityCore
import GRDB
import Synchronization

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
}

/// A store in one SQLite file, owned by one process.
///
/// WAL with `synchronous = FULL`; one connection writes and does every checkpoint (SQLite before 3.51.3 can lose pages
/// when two connections checkpoint at once); readers see snapshots. Opening takes back every lease: whoever held one
/// died with the process that owned the file before.
public final class SQLiteStore: Sendable {
  let configuration: SQLiteConfiguration
  let pool: DatabasePool
  let memory: WriterMemory
  let commits: CommitGroup
  private let lock: Mutex<FileLock?>

  /// Opens or creates a store, checks that it is sound and durable as asked, and takes back the leases of the dead.
  public static func open(_ configuration: SQLiteConfiguration) async throws(EngineError) -> SQLiteStore {
    let lock = try FileLock(store: configuration.path)
    let store: SQLiteStore
    do {
      store = SQLiteStore(configuration, try StoreFile.open(configuration), lock)
    } catch {
      throw EngineError(describing: error)
    }
    try await store.commits.write { try $0.takeBackAllLeases() }
    return store
  }

  private init(_ configuration: SQLiteConfiguration, _ opened: StoreFile.Opened, _ lock: consuming FileLock) {
    self.configuration = configuration
    self.lock = Mutex(consume lock)
    pool = opened.pool
    let policy = StorePolicy(lifecycle: TaskLifecycle(policy: configuration.lifecycle), rank: configuration.rank)
    let clock = StoreClock(time: configuration.time, remembered: opened.storeTime)
    memory = WriterMemory(state: opened.state, clock: clock, time: configuration.time, policy: policy)
    commits = CommitGroup(pool: opened.pool, memory: memory, isAlwaysRelaxed: configuration.durability == .relaxed)
  }

  /// Ends all waiting, finishes what is being written, checkpoints and gives the file free.
  public func close() async {
    memory.fetchBells.close()
    memory.dutyBells.close()
    memory.hints.close()
    _ = try? await commits.write { try $0.rememberTime() }
    await commits.close()
    try? pool.close()
    lock.withLock { $0 = nil }
  }

  /// Writes a consistent copy of the store into a new file while work goes on.
  public func backup(to path: String) async throws(EngineError) {
    do {
      try await pool.writeWithoutTransaction { db in _ = try db.run("VACUUM INTO ?", [.text(path)]) }
    } catch {
      throw EngineError(describing: error)
    }
  }

  /// Reads in a snapshot.
  func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(EngineError) -> T {
    do {
      return try await pool.read { db in try body(db) }
    } catch {
      throw EngineError(describing: error)
    }
  }
}

/// What the writer and those who wait share.
final class WriterMemory: Sendable {
  let state: Mutex<WriterState>
  let clock: StoreClock
  let time: any TimeSource
  let policy: StorePolicy
  let hints = HintStreams()
  /// Rung when a task became ready or a queue was resumed.
  let fetchBells: Doorbells
  /// Rung when something may be due earlier than maintenance knows.
  let dutyBells: Doorbells

  init(state: WriterState, clock: StoreClock, time: any TimeSource, policy: StorePolicy) {
    self.state = Mutex(state)
    self.clock = clock
    self.time = time
    self.policy = policy
    fetchBells = Doorbells(time: time)
    dutyBells = Doorbells(time: time)
  }

  func begin(_ db: Database) -> WriteTransaction {
    WriteTransaction(db: db, now: time.now, storeTime: clock.now, policy: policy, state: state.withLock { $0 })
  }

  /// Makes a commit known: its state becomes the writer's, readers of hints and waiting fetchers are told.
  func take(over transaction: WriteTransaction) {
    let hadReady = state.withLock { state in
      state = transaction.state
      return !state.ledger.tenants.isEmpty
    }
    if !transaction.changes.isEmpty { hints.announce(transaction.changes, seq: transaction.state.seq) }
    if transaction.mayFetch, hadReady { fetchBells.ring() }
    if transaction.hasNewDueTime { dutyBells.ring() }
  }
}
