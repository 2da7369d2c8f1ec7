import CelerityCore
import CelerityJSON

/// What Redis holds of one task: a hash.
///
/// - `m` the message as it stands, or stood, in a queue's list: Celery's envelope
/// - `r` the rest of the record, JSON
/// - `s` number of its last change, which is its version
/// - `p` order of acceptance
/// - `w` whether it is ready, its message in a list: the claim script takes no other
/// - `t` token of its lease, `c` whether its cancellation was asked for: read by scripts
/// - `l` a claim that `r` does not tell of yet: token, start, worker
/// - `u` the unique key that its start frees
struct TaskRow: Sendable {
  var record: TaskRecord
  /// The message in its form on the wire.
  var envelope: [UInt8]
  var position: Int64
  var unique: UniqueKey?
  /// From when retention counts, on the store's time: when it ended, or before that.
  var ended: StoreTime?
  /// A claim that must be given back although the record tells of none: the task was found expired on the way.
  var strayTag: String?

  /// The token of the attempt that was settled last: who repeats a settlement whose answer was lost is told so.
  var settled: Int64?
  /// Whether it only stands for what can't be read: a dead letter in place of the record.
  var isUnreadable = false

  /// The names of the hash's fields, in the order in which they are asked for.
  static let fields = ["s", "r", "m", "p", "l"]

  /// The claim that is entered for it.
  var tag: String? { strayTag ?? record.lease.map { Keys.tag(record.key, token: $0.token) } }

  /// `r`.
  var state: RawJSON {
    var writer = JSONWriter(reservingCapacity: 192 + (record.result?.bytes.count ?? 0))
    writer.beginObject()
    writer.member("state", record.state.rawValue)
    writer.member("phase", record.phase.rawValue)
    writer.member("queue", record.message.queue)
    writer.member("created", record.created.microseconds)
    if record.generation != 0 { writer.member("generation", record.generation) }
    if record.attempts != 0 { writer.member("attempts", record.attempts) }
    if record.crashes != 0 { writer.member("crashes", record.crashes) }
    writer.member("due", ifPresent: record.due?.microseconds)
    writer.member("started", ifPresent: record.started?.microseconds)
    writer.member("finished", ifPresent: record.finished?.microseconds)
    writer.member("ended", ifPresent: ended?.microseconds)
    writer.member("token", ifPresent: record.lease?.token)
    writer.member("settled", ifPresent: settled)
    writer.member("worker", ifPresent: record.worker)
    writer.member("reason", ifPresent: record.reason)
    writer.member("result", ifPresent: record.result)
    writer.member("failure", ifPresent: record.failure.flatMap { try? RawJSONEncoder().encode($0) })
    writer.member("progress", ifPresent: record.progress)
    if record.isCancelRequested { writer.member("cancel", true) }
    if !record.history.isEmpty {
      writer.member("history", ifPresent: try? RawJSONEncoder().encode(record.history))
    }
    if let unique {
      writer.member("unique", unique.key)
      writer.member("unique_scope", unique.scope == .untilStarted ? "started" : "finished")
    }
    writer.endObject()
    return writer.finish()
  }

  /// Reads the parts of a hash; throws `corrupt` when they make no record.
  init(
    key: TaskKey, seq: Int64, state: RawJSON, envelope: [UInt8], position: Int64, wire: Wire
  ) throws(EngineError) {
    guard let members = state.members() else { throw Self.damaged(key) }
    var fields: [String: RawJSON] = [:]
    for member in members { fields[member.name] = member.value }
    guard let stateWord = fields["state"]?.stringValue, let taskState = TaskState(rawValue: stateWord),
      let phase = fields["phase"]?.int64Value.flatMap({ TaskPhase(rawValue: Int($0)) }),
      let queue = fields["queue"]?.stringValue, let created = fields["created"]?.int64Value
    else { throw Self.damaged(key) }
    let message = try wire.message(envelope, queue: queue, key: key)
    var record = TaskRecord(accepting: message, at: Timestamp(microseconds: created))
    func time(_ name: String) -> Timestamp? { fields[name]?.int64Value.map(Timestamp.init(microseconds:)) }
    record.state = taskState
    record.phase = phase
    record.seq = seq
    record.generation = fields["generation"]?.int64Value.map(Int.init) ?? 0
    record.attempts = fields["attempts"]?.int64Value.map(Int.init) ?? 0
    record.crashes = fields["crashes"]?.int64Value.map(Int.init) ?? 0
    record.due = time("due")
    record.started = time("started")
    record.finished = time("finished")
    record.worker = fields["worker"]?.stringValue
    record.reason = fields["reason"]?.stringValue
    record.result = fields["result"]
    record.progress = fields["progress"]
    record.isCancelRequested = fields["cancel"]?.boolValue ?? false
    if let token = fields["token"]?.int64Value {
      record.lease = Lease(token: token, deadline: StoreTime(microseconds: 0))
    }
    do {
      record.failure = try fields["failure"].map { try RawJSONDecoder().decode(TaskFailure.self, from: $0) }
      record.history = try fields["history"].map { try RawJSONDecoder().decode([AttemptEnd].self, from: $0) } ?? []
    } catch {
      throw Self.damaged(key)
    }
    self.record = record
    self.envelope = envelope
    self.position = position
    unique = fields["unique"]?.stringValue.map {
      UniqueKey($0, scope: fields["unique_scope"]?.stringValue == "started" ? .untilStarted : .untilFinished)
    }
    ended = fields["ended"]?.int64Value.map(StoreTime.init(microseconds:))
    settled = fields["settled"]?.int64Value
  }

  /// Reads the parts of a hash; what can't be read becomes a dead letter that says so, so that one record's damage is no
  /// other's. Throws only what a newer program may have written.
  init(
    sparing key: TaskKey, seq: Int64, state: RawJSON, envelope: [UInt8], position: Int64, wire: Wire
  ) throws(EngineError) {
    do {
      self = try TaskRow(key: key, seq: seq, state: state, envelope: envelope, position: position, wire: wire)
    } catch {
      let members = state.members() ?? []
      func field(_ name: String) -> RawJSON? { members.last { $0.name == name }?.value }
      let queue = field("queue")?.stringValue ?? TaskRecord.unknownTask
      let message = try? wire.message(envelope, queue: queue, key: key)
      let isStrange = field("phase")?.int64Value.map { TaskPhase(rawValue: Int(clamping: $0)) == nil } ?? false
      if isStrange, message != nil { throw error }
      let created = Timestamp(microseconds: field("created")?.int64Value ?? 0)
      var record = TaskRecord(
        failing: message ?? TaskMessage(id: key.id, task: TaskRecord.unknownTask, queue: queue, tenant: key.tenant),
        with: TaskFailure(type: "CorruptRecord", module: "celerity", message: error.message), at: created)
      record.seq = seq
      record.reason = "corrupt"
      self.init(record, envelope: envelope)
      self.position = position
      isUnreadable = true
    }
  }

  /// The row of a task that was just accepted.
  init(_ record: TaskRecord, envelope: [UInt8], unique: UniqueKey? = nil) {
    self.record = record
    self.envelope = envelope
    self.unique = unique
    position = 0
  }

  private static func damaged(_ key: TaskKey) -> EngineError {
    EngineError(.corrupt, "the record of the task \(key) can't be read")
  }
}

/// A claim as the script notes it beside a record: `token|start|worker`.
struct ClaimNote: Sendable {
  var token: Int64
  var started: Timestamp
  var worker: String

  init(token: Int64, started: Timestamp, worker: String) {
    self.token = token
    self.started = started
    self.worker = worker
  }

  init?(_ text: String) {
    let parts = text.utf8.split(separator: 0x7C, maxSplits: 2, omittingEmptySubsequences: false).map(Substring.init)
    guard parts.count == 3, let token = Int64(parts[0]), let started = Int64(parts[1]) else { return nil }
    self.token = token
    self.started = Timestamp(microseconds: started)
    worker = String(parts[2])
  }
}
