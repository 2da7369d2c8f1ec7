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
  static let insert =
    "INSERT INTO task (seal, \(message), \(progress)) VALUES (?\(String(repeating: ", ?", count: 33)))"
  static let update = """
    UPDATE task SET deadline = ?, seal = ?, phase = ?, state = ?, seq = ?, rank = ?, generation = ?, attempts = ?, \
    crashes = ?, retries = ?, cancel = ?, due = ?, expires = ?, started = ?, finished = ?, ended = ?, token = ?, \
    worker = ?, reason = ?, failure = ?, progress = ?, history = ?, result = ? WHERE position = ?
    """

  // MARK: Reading

  static func read(_ row: Columns) throws -> StoredTask {
    let messageSeal = Seal.of(row, messageRange)
    guard messageSeal ^ Seal.of(row, progressRange) == row.integer(2) else { throw EngineError.damagedRow }
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

  static func insertValues(_ record: TaskRecord, unique: UniqueKey?, ended: StoreTime?) throws -> [SQLValue] {
    let message = record.message
    let extras = message.extras.isEmpty ? nil : try RawJSONEncoder().encode(message.extras)
    let fixed: [SQLValue] = [
      .text(message.tenant.name), .text(message.id.text), .text(message.task), .text(message.queue),
      .optional(message.priority.map { Int64($0.value) }), .integer(record.created.microseconds),
      .optional(message.eta?.microseconds), .optional(unique?.key), .optional(unique?.scope.stored),
      .optional(extras), .blob(message.kwargs.bytes), .blob(message.args.bytes),
    ]
    let failure = try record.failure.map { try RawJSONEncoder().encode($0) }
    let changing = progressValues(record, ended, failure: failure, history: nil)
    return [.integer(Seal.of(fixed) ^ Seal.of(changing))] + fixed + changing
  }

  static func updateValues(_ task: StoredTask, ended: StoreTime?) throws -> [SQLValue] {
    let changing = progressValues(
      task.record, ended, failure: try task.failureJSON(), history: try task.historyJSON())
    let seal = task.messageSeal ^ Seal.of(changing)
    return [.optional(task.record.lease?.deadline.microseconds), .integer(seal)] + changing + [.integer(task.position)]
  }

  private static func progressValues(
    _ record: TaskRecord, _ ended: StoreTime?, failure: RawJSON?, history: RawJSON?
  ) -> [SQLValue] {
    [
      .integer(record.phase.rawValue), .integer(record.state.stored), .integer(record.seq), .integer(record.rank),
      .integer(record.generation), .integer(record.attempts), .integer(record.crashes),
      .integer(record.message.retries), .flag(record.isCancelRequested), .optional(record.due?.microseconds),
      .optional(record.message.expires?.microseconds), .optional(record.started?.microseconds),
      .optional(record.finished?.microseconds), .optional(ended?.microseconds), .optional(record.lease?.token),
      .optional(record.worker), .optional(record.reason), .optional(failure), .optional(record.progress),
      .optional(history), .optional(record.result),
    ]
  }
}
