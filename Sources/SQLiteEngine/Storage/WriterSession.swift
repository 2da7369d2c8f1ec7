import CelerityCore
import GRDB
import GRDBSQLite

/// The disk failed under a connection.
struct StorageFault: Error {
  let error: any Error
  /// Whether there was no durable commit since the connection was opened.
  let isRepeated: Bool
}

/// The writer's work on one connection, on the writer's thread alone.
struct WriterSession {
  private enum Level: Int {
    /// Written, not awaited.
    case normal = 1
    /// On the disk before the commit returns.
    case full = 2
  }

  /// A relaxed commit can't give out more numbers than are reserved; it is made again as a durable one.
  private struct NumbersRanOut: Error {}

  /// The length of a log, in checkpoints, that calls for one that waits for readers.
  private static let longLog = 4

  private static let begin = Query("BEGIN IMMEDIATE")
  private static let commit = Query("COMMIT")

  private let db: Database
  private let statements: Statements
  private let memory: WriterMemory
  private let readers: Readers
  private let lock: FileLock
  private let isRelaxed: Bool
  private let checkpointPages: Int
  private let reservedNumbers: ChangeNumber
  private var level: Level?
  private var writtenPages = 0
  private var hasCommitted = false

  init(
    _ db: Database, _ memory: WriterMemory, _ readers: Readers, _ lock: FileLock, _ configuration: SQLiteConfiguration
  ) {
    self.db = db
    statements = Statements(db)
    self.memory = memory
    self.readers = readers
    self.lock = lock
    isRelaxed = configuration.durability == .relaxed
    checkpointPages = configuration.checkpointPages
    reservedNumbers = configuration.reservedNumbers
  }

  /// Commits a group and answers it. When a write in it fails, the group is made again with each write in a savepoint of
  /// its own, so that only the culprits see their error.
  mutating func commit(_ jobs: [Job]) throws(StorageFault) {
    do {
      try transact(jobs) { transaction in
        for job in jobs { try job.body(transaction) }
      }
      for job in jobs { job.finish(nil) }
    } catch {
      if FaultScope(error) == .write, jobs.count > 1 { try commitApart(jobs) } else { try answer(jobs, error) }
    }
    try checkpointIfDue()
  }

  private mutating func commitApart(_ jobs: [Job]) throws(StorageFault) {
    do {
      let errors = try transact(jobs) { transaction in try jobs.map { try Self.attempt($0, transaction) } }
      for (job, error) in zip(jobs, errors) { job.finish(error) }
    } catch {
      try answer(jobs, error)
    }
  }

  private static func attempt(_ job: Job, _ transaction: WriteTransaction) throws -> EngineError? {
    let mark = transaction.mark
    try transaction.db.run("SAVEPOINT job")
    do {
      try job.body(transaction)
      try transaction.db.run("RELEASE job")
      return nil
    } catch {
      guard FaultScope(error) == .write else { throw error }
      try transaction.db.run("ROLLBACK TO job")
      try transaction.db.run("RELEASE job")
      transaction.rewind(to: mark)
      return EngineError(describing: error)
    }
  }

  private func answer(_ jobs: [Job], _ error: any Error) throws(StorageFault) {
    // Who hears of it and looks must not see the file as it was before it is opened anew.
    if FaultScope(error) == .connection { readers.pause() }
    for job in jobs { job.finish(EngineError(describing: error)) }
    try check(error)
  }

  private func check(_ error: any Error) throws(StorageFault) {
    if FaultScope(error) == .connection { throw StorageFault(error: error, isRepeated: !hasCommitted) }
  }

  // MARK: One transaction

  private mutating func transact<T>(_ jobs: [Job], _ body: (WriteTransaction) throws -> T) throws -> T {
    let isDurable = jobs.contains(where: \.isDurable)
    do {
      return try transact(isDurable, body)
    } catch is NumbersRanOut {
      return try transact(true, body)
    }
  }

  private mutating func transact<T>(
    _ isWanted: Bool, reserves: Bool = true, _ body: (WriteTransaction) throws -> T
  ) throws -> T {
    let transaction = memory.begin(db, statements)
    let isDurable = isWanted || (reserves && mustReserve(transaction.state))
    try setLevel(isDurable ? .full : .normal)
    let changes = sqlite3_total_changes64(db.sqliteConnection)
    try statements.run(Self.begin) { _ in }
    let value: T
    do {
      value = try body(transaction)
      if reserves { try reserveNumbers(transaction, isDurable) }
      if sqlite3_total_changes64(db.sqliteConnection) != changes {
        transaction.state.row.commits += 1
        transaction.state.row.time = transaction.storeTime
        try transaction.state.row.write(db)
      }
      try statements.run(Self.commit) { _ in }
    } catch {
      // Some errors (a full disk) end the transaction by themselves.
      if db.isInsideTransaction { _ = try? db.run("ROLLBACK") }
      throw error
    }
    if isDurable { lock.acknowledge(transaction.state.row.commits) }
    hasCommitted = hasCommitted || isDurable || isRelaxed
    memory.take(over: transaction)
    return value
  }

  /// Whether so few numbers are left that more are reserved with the next commit.
  private func mustReserve(_ state: WriterState) -> Bool { state.row.seqLimit - state.seq < reservedNumbers / 4 }

  private func reserveNumbers(_ transaction: WriteTransaction, _ isDurable: Bool) throws {
    if isDurable, mustReserve(transaction.state) {
      transaction.state.row.seqLimit = transaction.state.seq + reservedNumbers
      try transaction.state.row.write(db)
    } else if transaction.state.seq > transaction.state.row.seqLimit {
      throw NumbersRanOut()
    }
  }

  /// Only where it differs: SQLite prepares such a statement anew each time.
  private mutating func setLevel(_ wanted: Level) throws {
    guard level != wanted else { return }
    level = nil
    try db.execute(sql: "PRAGMA synchronous = \(wanted.rawValue)")
    level = wanted
  }

  // MARK: Checkpoints

  /// Moves the log into the database when it has grown. Its callers are answered by then; a disk that is full or a reader
  /// that holds it up only make the log longer, until the next time.
  private mutating func checkpointIfDue() throws(StorageFault) {
    var written: Int32 = 0
    var highest: Int32 = 0
    sqlite3_db_status(db.sqliteConnection, SQLITE_DBSTATUS_CACHE_WRITE, &written, &highest, 1)
    writtenPages += Int(written)
    guard writtenPages >= checkpointPages else { return }
    writtenPages = 0
    do {
      let log = try db.checkpoint(.passive)
      if log.walFrameCount > Self.longLog * checkpointPages { try truncateLog() }
    } catch {
      try check(error)
    }
  }

  /// As above, but waits a little for the readers of the log, so that it can begin anew.
  private func truncateLog() throws {
    sqlite3_busy_timeout(db.sqliteConnection, 100)
    defer { sqlite3_busy_timeout(db.sqliteConnection, Int32(StoreFile.patience * 1000)) }
    _ = try db.checkpoint(.truncate)
  }

  /// Leaves a file that the next owner can go on with at once. Nothing is lost when this fails.
  mutating func finish() {
    _ = try? transact(!isRelaxed, reserves: false) { transaction in
      transaction.state.row.seqLimit = transaction.state.seq
      try transaction.state.row.write(transaction.db)
    }
    _ = try? db.checkpoint(.truncate)
  }
}
