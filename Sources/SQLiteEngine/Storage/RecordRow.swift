import CelerityCore
import CelerityJSON
import GRDB

/// Rows of `task` to records and back. The columns are read and sealed in this order: what never changes, then what does.
/// The deadline is not sealed: a heartbeat moves it alone, and no deadline outlives the process.
enum RecordRow {
  private static let message = "tenant, id, task, queue, priority, created, eta, uniq, uniq_scope, extras, kwargs, args"
  private static let progress = """
    phase, state, seq, rank, generation, attempts, crashes, retries, cancel, due, expires, started, finished, ended, \
    token, worker, reason, failure, progress, history, result
    """
  private static let messageRange: Range<Int32> = 3..<15
  private static let progressRange: Range<Int32> = 15..<36

  static let columns = "position, deadline, seal, \(message), \(progress)"
  static let insert = Query(
    "INSERT INTO task (\(message), \(progress), seal) VALUES (?\(String(repeating: ", ?", count: 33)))")
  static let update = Query(
    """
    UPDATE task SET phase = ?, state = ?, seq = ?, rank = ?, generation = ?, attempts = ?, crashes = ?, retries = ?, \
    cancel = ?, due = ?, expires = ?, started = ?, finished = ?, ended = ?, token = ?, worker = ?, reason = ?, \
    failure = ?, progress = ?, history = ?, result = ?, seal = ?, deadline = ? WHERE position = ?
    """)
  /// Writes all of a row anew, for the rare change of what else never changes.
  static let rewrite = Query(
    """
    UPDATE task SET (\(message), \(progress), seal) = (?\(String(repeating: ", ?", count: 33))) WHERE position = ?
    """)
  static let byKey = Query("SELECT \(columns) FROM task WHERE id = ? AND tenant = ?")

  // MARK: Reading

  /// Answers the seal of the part that never changes.
  static func checkSeals(_ row: Columns) throws -> Int64 {
    let messageSeal = Seal.of(row, messageRange)
    guard messageSeal ^ Seal.of(row, progressRange) == row.integer(2) else { throw EngineError.damagedRow }
    return messageSeal
  }

  static func read(_ row: Columns) throws -> StoredTask {
    let messageSeal = try checkSeals(row)
    var record = TaskRecord(
      accepting: try readMessage(row), at: Timestamp(microseconds: row.integer(8)))
    guard let phase = TaskPhase(rawValue: row.int(15)) else { throw EngineError.damagedRow }
    record.phase = phase
    record.state = try TaskState(stored: row.integer(16))
    record.seq = row.integer(17)
    record.rank = row.integer(18)
    record.generation = row.int(19)
    record.attempts = row.int(20)
    record.crashes = row.int(21)
    record.isCancelRequested = row.flag(23)
    record.due = row.timestamp(24)
    record.started = row.timestamp(26)
    record.finished = row.timestamp(27)
    if let token = row.optionalInteger(29) {
      record.lease = Lease(token: token, deadline: StoreTime(microseconds: row.integer(1)))
    }
    record.worker = row.optionalText(30)
    record.reason = row.optionalText(31)
    record.progress = row.json(33)
    record.result = row.json(35)
    let failure = try row.json(32).map { (try RawJSONDecoder().decode(TaskFailure.self, from: $0), $0) }
    let history = try row.json(34).map { (try RawJSONDecoder().decode([AttemptEnd].self, from: $0), $0) }
    record.failure = failure?.0
    record.history = history?.0 ?? []
    return StoredTask(
      position: row.integer(0), record: record, uniqueKey: row.optionalText(10),
      uniqueScope: row.optionalInteger(11).map(UniqueKey.Scope.init(stored:)), messageSeal: messageSeal,
      failure: failure, history: history)
  }

  private static func readMessage(_ row: Columns) throws -> TaskMessage {
    var message = TaskMessage(
      id: TaskID(stored: row.text(4)), task: row.text(5), queue: row.text(6), args: RawJSON(unchecked: row.blob(14)),
      kwargs: RawJSON(unchecked: row.blob(13)), tenant: Tenant(stored: row.text(3)),
      priority: row.optionalInteger(7).flatMap { Priority(Int($0)) }, eta: row.timestamp(9),
      expires: row.timestamp(25), retries: row.int(22))
    if let extras = row.json(12) { message.extras = try RawJSONDecoder().decode(TaskMessage.Extras.self, from: extras) }
    return message
  }

  // MARK: Writing

  static func bindInsert(
    _ record: TaskRecord, unique: UniqueKey?, ended: StoreTime?, to binder: inout Binder
  ) throws {
    let failure = try record.failure.map { try RawJSONEncoder().encode($0) }
    let messageSeal = try bindMessage(record, unique?.key, unique?.scope, to: &binder)
    bindProgress(record, ended, failure: failure, history: nil, to: &binder)
    binder.add(messageSeal ^ binder.takeSeal())
  }

  /// All of a task, with its place at last.
  static func bindRewrite(_ task: StoredTask, ended: StoreTime?, to binder: inout Binder) throws {
    let messageSeal = try bindMessage(task.record, task.uniqueKey, task.uniqueScope, to: &binder)
    bindProgress(task.record, ended, failure: try task.failureJSON(), history: try task.historyJSON(), to: &binder)
    binder.add(messageSeal ^ binder.takeSeal())
    binder.add(task.position)
  }

  static func bindUpdate(_ task: StoredTask, ended: StoreTime?, to binder: inout Binder) throws {
    bindProgress(
      task.record, ended, failure: try task.failureJSON(), history: try task.historyJSON(), to: &binder)
    binder.add(task.messageSeal ^ binder.takeSeal())
    binder.add(task.record.lease?.deadline.microseconds)
    binder.add(task.position)
  }

  /// Answers the seal of this part.
  private static func bindMessage(
    _ record: TaskRecord, _ uniqueKey: String?, _ uniqueScope: UniqueKey.Scope?, to binder: inout Binder
  ) throws -> Int64 {
    let message = record.message
    let extras = message.extras.isEmpty ? nil : try RawJSONEncoder().encode(message.extras)
    binder.add(message.tenant.name)
    binder.add(message.id.text)
    binder.add(message.task)
    binder.add(message.queue)
    binder.add(message.priority.map { Int64($0.value) })
    binder.add(record.created.microseconds)
    binder.add(message.eta?.microseconds)
    binder.add(uniqueKey)
    binder.add(uniqueScope?.stored)
    binder.add(extras)
    binder.add(message.kwargs.bytes)
    binder.add(message.args.bytes)
    return binder.takeSeal()
  }

  private static func bindProgress(
    _ record: TaskRecord, _ ended: StoreTime?, failure: RawJSON?, history: RawJSON?, to binder: inout Binder
  ) {
    binder.add(record.phase.rawValue)
    binder.add(record.state.stored)
    binder.add(record.seq)
    binder.add(record.rank)
    binder.add(record.generation)
    binder.add(record.attempts)
    binder.add(record.crashes)
    binder.add(record.message.retries)
    binder.add(record.isCancelRequested ? 1 : 0)
    binder.add(record.due?.microseconds)
    binder.add(record.message.expires?.microseconds)
    binder.add(record.started?.microseconds)
    binder.add(record.finished?.microseconds)
    binder.add(ended?.microseconds)
    binder.add(record.lease?.token)
    binder.add(record.worker)
    binder.add(record.reason)
    binder.add(failure)
    binder.add(record.progress)
    binder.add(history)
    binder.add(record.result)
  }
}
