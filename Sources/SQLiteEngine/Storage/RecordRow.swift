import CelerityCore
import CelerityJSON
import GRDB

/// A record with its place in the table and what only the table knows of it.
struct StoredTask {
  let position: Int64
  var record: TaskRecord
  var uniqueKey: String?
  var uniqueScope: UniqueKey.Scope?
}

extension UniqueKey.Scope {
  var stored: Int64 {
    switch self {
    case .untilStarted: 0
    case .untilFinished: 1
    }
  }

  init(stored value: Int64) { self = value == 0 ? .untilStarted : .untilFinished }
}

extension TaskState {
  /// Numbers in the table; `task_dead` knows that what failed is above success.
  var stored: Int64 {
    switch self {
    case .pending: 0
    case .received: 1
    case .started: 2
    case .progress: 3
    case .retry: 4
    case .success: 5
    case .failure: 6
    case .revoked: 7
    }
  }

  init(stored value: Int64) throws {
    guard let state = Self.allCases.first(where: { $0.stored == value }) else {
      throw EngineError(.corrupt, "the store holds a task in the unknown state \(value)")
    }
    self = state
  }
}

/// Rows of `task` to records and back.
enum RecordRow {
  static let columns = """
    position, tenant, id, task, queue, phase, state, seq, rank, generation, attempts, crashes, retries, priority, created, \
    eta, due, expires, started, finished, token, deadline, worker, cancel, reason, args, kwargs, extras, result, failure, \
    progress, history, uniq, uniq_scope
    """

  static func read(_ row: Columns) throws -> StoredTask {
    var message = TaskMessage(
      id: TaskID(stored: row.text(2)), task: row.text(3), queue: row.text(4), args: RawJSON(unchecked: row.blob(25)),
      kwargs: RawJSON(unchecked: row.blob(26)), tenant: Tenant(stored: row.text(1)),
      priority: row.optionalInteger(13).flatMap { Priority(Int($0)) }, eta: row.timestamp(15),
      expires: row.timestamp(17), retries: row.int(12))
    if let extras = row.json(27) { message.extras = try RawJSONDecoder().decode(TaskMessage.Extras.self, from: extras) }
    var record = TaskRecord(accepting: message, at: Timestamp(microseconds: row.integer(14)))
    guard let phase = TaskPhase(rawValue: row.int(5)) else {
      throw EngineError(.corrupt, "the store holds a task in the unknown phase \(row.int(5))")
    }
    record.phase = phase
    record.state = try TaskState(stored: row.integer(6))
    record.seq = row.integer(7)
    record.rank = row.integer(8)
    record.generation = row.int(9)
    record.attempts = row.int(10)
    record.crashes = row.int(11)
    record.due = row.timestamp(16)
    record.started = row.timestamp(18)
    record.finished = row.timestamp(19)
    if let token = row.optionalInteger(20) {
      record.lease = Lease(token: token, deadline: StoreTime(microseconds: row.integer(21)))
    }
    record.worker = row.optionalText(22)
    record.isCancelRequested = row.flag(23)
    record.reason = row.optionalText(24)
    record.result = row.json(28)
    if let failure = row.json(29) { record.failure = try RawJSONDecoder().decode(TaskFailure.self, from: failure) }
    record.progress = row.json(30)
    if let history = row.json(31) { record.history = try RawJSONDecoder().decode([AttemptEnd].self, from: history) }
    return StoredTask(
      position: row.integer(0), record: record, uniqueKey: row.optionalText(32),
      uniqueScope: row.optionalInteger(33).map(UniqueKey.Scope.init(stored:)))
  }

  static let insert = """
    INSERT INTO task (tenant, id, task, queue, phase, state, seq, rank, generation, attempts, crashes, retries, priority, \
    created, eta, due, expires, ended, finished, reason, failure, cancel, args, kwargs, extras, uniq, uniq_scope) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  static func insertValues(_ record: TaskRecord, unique: UniqueKey?, ended: StoreTime?) throws -> [SQLValue] {
    let message = record.message
    let extras = message.extras.isEmpty ? nil : try RawJSONEncoder().encode(message.extras)
    return [
      .text(message.tenant.name), .text(message.id.text), .text(message.task), .text(message.queue),
      .integer(record.phase.rawValue), .integer(record.state.stored), .integer(record.seq), .integer(record.rank),
      .integer(record.generation), .integer(record.attempts), .integer(record.crashes), .integer(message.retries),
      .optional(message.priority.map { Int64($0.value) }), .integer(record.created.microseconds),
      .optional(message.eta?.microseconds), .optional(record.due?.microseconds),
      .optional(message.expires?.microseconds), .optional(ended?.microseconds),
      .optional(record.finished?.microseconds), .optional(record.reason),
      .optional(try record.failure.map { try RawJSONEncoder().encode($0) }), .flag(record.isCancelRequested),
      .blob(message.args.bytes), .blob(message.kwargs.bytes), .optional(extras), .optional(unique?.key),
      .optional(unique?.scope.stored),
    ]
  }

  static let update = """
    UPDATE task SET phase = ?, state = ?, seq = ?, rank = ?, generation = ?, attempts = ?, crashes = ?, retries = ?, \
    due = ?, expires = ?, started = ?, finished = ?, ended = ?, token = ?, deadline = ?, worker = ?, cancel = ?, \
    reason = ?, result = ?, failure = ?, progress = ?, history = ? WHERE position = ?
    """

  static func updateValues(_ task: StoredTask, ended: StoreTime?) throws -> [SQLValue] {
    let record = task.record
    return [
      .integer(record.phase.rawValue), .integer(record.state.stored), .integer(record.seq), .integer(record.rank),
      .integer(record.generation), .integer(record.attempts), .integer(record.crashes),
      .integer(record.message.retries), .optional(record.due?.microseconds),
      .optional(record.message.expires?.microseconds), .optional(record.started?.microseconds),
      .optional(record.finished?.microseconds), .optional(ended?.microseconds), .optional(record.lease?.token),
      .optional(record.lease?.deadline.microseconds), .optional(record.worker), .flag(record.isCancelRequested),
      .optional(record.reason), .optional(record.result),
      .optional(try record.failure.map { try RawJSONEncoder().encode($0) }), .optional(record.progress),
      record.history.isEmpty ? .null : .blob(try RawJSONEncoder().encode(record.history).bytes),
      .integer(task.position),
    ]
  }
}

extension Columns {
  func timestamp(_ index: Int32) -> Timestamp? { optionalInteger(index).map(Timestamp.init(microseconds:)) }
}
