import CelerityCore
import CelerityJSON
import CeleryWire
import NIOCore
import RESPClient

/// Chords, counted by Celery's keys in Celery's way (5.7), so that Python workers may run members of ours and we of theirs.
extension Draft {
  /// Begins a group; one of this id that exists already stays as it is. A group without a body is nothing that a store must
  /// count.
  mutating func declare(_ group: GroupDeclaration, tenant: Tenant) throws(DraftError) {
    guard let body = group.body else { return }
    let name = ScopedName(group.id, tenant: tenant)
    var state = try looking { draft throws(Missing) in try draft.group(name) }
    guard state.size == nil, state.claim == nil, state.declaration == nil else { return }
    let declaration = StoredDeclaration(
      body: wire.envelope(body), bodyQueue: body.queue, bodyID: body.id.text, passesResults: group.passesResults)
    perform("SET", .text(keys.chord(name, .size)), .number(group.size))
    perform(
      "HSET", .text(keys.group(name)), "body", .bytes(ByteBuffer(bytes: declaration.body)), "queue", .text(body.queue),
      "id", .text(body.id.text), "passes", group.passesResults ? 1 : 0)
    state.size = String(group.size)
    state.declaration = declaration
    setGroup(name, state)
  }

  /// What the end of a task brings about: its group counts it, and what follows it is submitted.
  mutating func follow(_ record: TaskRecord) throws(DraftError) {
    try countInGroup(record)
    let continuation = Continuation(of: record)
    if !continuation.children.isEmpty {
      children[record.key] = .array((children[record.key]?.elements() ?? []) + continuation.children.map(\.tuple))
    }
    for submission in continuation.submissions { _ = try submit(submission) }
  }

  /// Counts the end of a member, once per member however often it ends; the last one sends the body.
  ///
  /// A member that was counted comes again when the Python worker that had counted it died, perhaps as the last one and
  /// before it had sent the body: then this one sends it, or as long as the dead one's claim on the body stands has the
  /// chord looked at again.
  ///
  /// - Parameter isLook: whether this is such another look, at which nothing is counted.
  mutating func countInGroup(_ record: TaskRecord, isLook: Bool = false) throws(DraftError) {
    guard let membership = record.message.extras.group, let name = record.groupName, let counted = record.countedName
    else { return }
    var state = try looking { draft throws(Missing) in try draft.group(name) }
    // The body that follows a group in a chain names its header as its group, without a place in it, and is no member.
    let isMember = record.message.extras.chord != nil || state.declaration != nil && membership.index != .max
    guard state.claim != "done", isMember else { return }
    let isRepeated = try looking { draft throws(Missing) in try draft.isCounted(counted, in: name) }
    if !isRepeated {
      if isLook { return }
      let part = ChordMember(
        score: membership.index == .max ? .infinity : Double(membership.index), text: Self.part(of: record))
      let score = membership.index == .max ? "+inf" : String(membership.index)
      perform("ZADD", .text(keys.chord(name, .parts)), .text(score), .text(part.text))
      perform("SADD", .text(keys.chord(name, .counted)), .text(counted))
      count(part, as: counted, in: name)
      state.counted += 1
      setGroup(name, state)
      if state.declaration == nil { expireCounters(of: name) }
    }
    guard state.counted == state.wanted else { return }
    if state.claim == nil {
      try send(state, name, completedBy: record)
    } else if isRepeated {
      lookAgain(at: record)
    }
  }

  /// Celery's claim on a body stands for 6 s until it is published, and then for 21 s, with the default times.
  private static let lookPause = Duration.seconds(7)

  /// Has a chord looked at again in a while: until then a Python worker that lives has sent the body, or the claim of one
  /// that died has ended. What is needed for that waits among the leases, and in no queue, where it would run again.
  private mutating func lookAgain(at record: TaskRecord) {
    let due = moment.storeTime + Self.lookPause
    let look = RESPCommand.Argument.text(Tag(look: record.key, due: due).text)
    let filed = FiledMessage(envelope: wire.envelope(record.message), queue: record.message.queueKey)
    perform("HSET", .text(keys.looks), look, .bytes(ByteBuffer(bytes: filed.bytes)))
    perform("ZADD", .text(keys.lease), .number(due.microseconds), look)
    hasDuty = true
  }

  /// Looks at the chord of a member that was counted, as it was filed.
  mutating func look(_ tag: Tag, _ filed: FiledMessage?) throws(DraftError) {
    guard holds(tag.text) else { return }
    perform("ZREM", .text(keys.lease), .text(tag.text))
    perform("HDEL", .text(keys.looks), .text(tag.text))
    guard let filed, let message = try? wire.foreign(filed.envelope, queue: filed.queue) else { return }
    let row = try looking { draft throws(Missing) in try draft.row(message.key) }
    var record = row?.record ?? TaskRecord(accepting: message, at: moment.now)
    record.message.extras.group = message.extras.group
    record.message.extras.chord = message.extras.chord
    try countInGroup(record, isLook: true)
  }

  /// What Python's publisher began ends by itself, as it does there.
  private mutating func expireCounters(of name: ScopedName) {
    let seconds = resultExpires.microseconds / 1_000_000
    guard seconds > 0, setsExpiry else { return }
    for part in [ResultKey.ChordCount.parts, .added, .size, .counted] {
      perform("EXPIRE", .text(keys.chord(name, part)), .number(seconds))
    }
  }

  private mutating func send(
    _ state: GroupState, _ name: ScopedName, completedBy last: TaskRecord
  ) throws(DraftError) {
    let members = try looking { draft throws(Missing) in try draft.parts(of: name) }.compactMap {
      ChordPart(RawJSON(unchecked: Array($0.text.utf8)))
    }
    // 300 s: as long as Celery remembers that a body was sent.
    perform("SET", .text(keys.chord(name, .claim)), "done", "EX", 300)
    perform(
      "DEL", .text(keys.chord(name, .parts)), .text(keys.chord(name, .added)), .text(keys.chord(name, .size)),
      .text(keys.chord(name, .counted)), .text(keys.group(name)))
    var done = state
    done.claim = "done"
    setGroup(name, done)
    for submission in try bodies(of: state, name, members, completedBy: last) { _ = try submit(submission) }
  }

  /// The body as it is to be sent: our own declaration's, or what Python's publisher put into every member.
  private mutating func bodies(
    of state: GroupState, _ name: ScopedName, _ parts: [ChordPart], completedBy last: TaskRecord
  ) throws(DraftError) -> [Submission] {
    let isOwn = state.declaration != nil
    let members = parts.map { part in
      GroupMember(
        id: TaskID(stored: part.id), state: TaskState(rawValue: part.state) ?? .failure, result: part.result,
        message: part.failure.map { isOwn ? $0.message : PythonRepr.exception($0) })
    }
    guard let declaration = state.declaration else {
      return last.message.extras.chord?.completion(
        ofGroup: name.name.text, members, last: last, now: moment.now) ?? []
    }
    let key = TaskKey(TaskID(stored: declaration.bodyID), tenant: name.tenant)
    let known = try looking { draft throws(Missing) in try draft.row(key) }
    // What was written by `declare` can be read.
    guard let body = try? wire.message(declaration.body, queue: declaration.bodyQueue, key: key),
      known.map({ $0.record.isPromise(of: body) }) ?? true
    else { return [] }
    let group = GroupDeclaration(
      id: name.name.text, size: members.count, body: body, passesResults: declaration.passesResults)
    return group.completion(members, last: last, now: moment.now)
  }

  private static func part(of record: TaskRecord) -> String {
    let result = ResultMeta(record)?.result ?? .null
    return ChordPart(id: record.message.id.text, state: record.state.rawValue, result: result).json.description
  }
}
