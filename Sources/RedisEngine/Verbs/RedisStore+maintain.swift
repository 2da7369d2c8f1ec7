public import CelerityCore
import CelerityJSON
import CeleryWire
import Logging
import NIOCore
import RESPClient

extension RedisStore {
  /// Under load each commit says that something may be due; all that is said within so long is looked at once.
  private static let breath = Duration.milliseconds(20)

  public func maintain(_ request: MaintenanceRequest) async throws(EngineError) -> MaintenanceReport {
    let deadline = time.uptime + request.wait
    while true {
      let rings = dutyBell.rings
      let report = try await attend(request)
      var idle = MaintenanceReport()
      idle.nextDue = report.nextDue
      if report != idle || time.uptime >= deadline || Task.isCancelled { return report }
      let next = report.nextDue.map { min(deadline, time.uptime + $0) } ?? deadline
      await dutyBell.wait(beyond: rings, until: next, on: time)
      if time.uptime < next { try? await Task.sleep(for: Self.breath) }
    }
  }

  /// One round of all duties.
  private func attend(_ request: MaintenanceRequest) async throws(EngineError) -> MaintenanceReport {
    var report = MaintenanceReport()
    let limit = max(1, request.limit)
    try await askTime()
    report.promoted = try await promote(limit)
    report.expired = try await expire(limit)
    (report.reclaimed, report.poisoned) = try await reclaim(limit)
    report.hasMore = [report.promoted, report.expired, report.reclaimed].contains(limit)
    report.reclaimed += try await reclaimFromPython()
    for (state, kept) in Self.retentions(request.retention) {
      let purged = try await purge(state, kept, limit, tombstone: request.retention.tombstone)
      report.purged += purged
      if purged == limit { report.hasMore = true }
    }
    report.nextDue = try await nextDue(request.retention)
    return report
  }

  /// How many that are due at the same time are put into the order of their acceptance.
  private static let mostAtOnce = 10_000

  /// What a set says is due, with its time, the earliest first. What is due at the same time as the last of them comes too:
  /// which of those go first is decided by the order of their acceptance, not by names.
  private func due(_ set: String, by microseconds: Int64, _ limit: Int) async throws(EngineError) -> [DueName] {
    var reply = try await client.engineReplies([
      RESPCommand(
        "ZRANGEBYSCORE", .text(set), "-inf", .number(microseconds), "WITHSCORES", "LIMIT", 0, .number(limit))
    ])[0]
    var names = DueName.read(reply)
    guard names.count == limit, let last = names.last?.time else { return names }
    reply = try await client.engineReplies([
      RESPCommand(
        "ZRANGEBYSCORE", .text(set), .number(last), .number(last), "WITHSCORES", "LIMIT", 0,
        .number(max(limit, Self.mostAtOnce)))
    ])[0]
    names = names.filter { $0.time != last } + DueName.read(reply)
    return names
  }

  private func promote(_ limit: Int) async throws(EngineError) -> Int {
    let names = try await due(keys.delay, by: clock.moment.now.microseconds, limit)
    return try await each(names, of: keys.delay, limit) { row in
      row.record.phase == .delayed ? row.record.due?.microseconds ?? 0 : nil
    } do: { draft, row throws(DraftError) in
      guard draft.isUsable(row.record.message.queueKey) else { return draft.postpone(row) }
      try draft.apply(.becameReady(rank: 0), to: &row)
    }
  }

  private func expire(_ limit: Int) async throws(EngineError) -> Int {
    let names = try await due(keys.expiring, by: clock.moment.now.microseconds, limit)
    return try await each(names, of: keys.expiring, limit, endsThem: true) { row in
      row.record.isWaiting ? row.record.message.expires?.microseconds : nil
    } do: { draft, row throws(DraftError) in
      try draft.apply(.expired, to: &row)
    }
  }

  private func purge(
    _ state: TaskState, _ kept: Duration, _ limit: Int, tombstone: Duration
  ) async throws(EngineError) -> Int {
    let set = keys.ended(state)
    let time = clock.moment.storeTime.microseconds.subtractingReportingOverflow(kept.microseconds)
    if time.overflow { return 0 }
    let names = try await due(set, by: time.partialValue, limit)
    return try await each(names, of: set, limit) { row in
      row.record.phase == .finished && row.record.state == state ? row.ended?.microseconds ?? 0 : nil
    } do: { draft, row in
      let leavesGap = row.record.leavesGap(whenForgottenAt: draft.moment.now, keptFor: kept)
      draft.forget(row, tombstone: tombstone, leavingGap: leavesGap)
    }
  }

  /// Does something to the tasks that a set names as due.
  ///
  /// Between the look at the set and the look at a task others may have done this duty and more: a task that was due can have
  /// run and wait for its next attempt. What a set says counts only as long as the record says the same; where they differ the
  /// set is made to say what the record says.
  ///
  /// - Parameters:
  ///   - endsThem: whether what is done ends the tasks.
  ///   - time: at which time a task stands in the set; `nil` if it does not belong there.
  private func each(
    _ names: [DueName], of set: String, _ limit: Int, endsThem: Bool = false, at time: (TaskRow) -> Int64?,
    do act: (inout Draft, inout TaskRow) throws(DraftError) -> Void
  ) async throws(EngineError) -> Int {
    if names.isEmpty { return 0 }
    return try await transactions.run { draft throws(DraftError) in
      let tasks = names.compactMap(\.key)
      try draft.need(tasks.map { .task($0) })
      if endsThem { try draft.needForEnds(of: tasks) }
      var rows: [(time: Int64, row: TaskRow)] = []
      for name in names {
        let row = try name.key.flatMap { key throws(DraftError) in
          try draft.looking { draft throws(Missing) in try draft.row(key) }
        }
        if let row { rows.append((name.time, row)) } else { draft.perform("ZREM", .text(set), .text(name.text)) }
      }
      rows.sort { ($0.time, $0.row.position) < ($1.time, $1.row.position) }
      var count = 0
      for (named, row) in rows.prefix(limit) {
        // What was done to another may have changed it.
        guard var row = try draft.looking({ draft throws(Missing) in try draft.row(row.record.key) }) else { continue }
        switch time(row) {
        case named:
          try act(&draft, &row)
          count += 1
        case .some(let other): draft.perform("ZADD", .text(set), .number(other), .text(row.record.key.text))
        case nil: draft.perform("ZREM", .text(set), .text(row.record.key.text))
        }
      }
      return count
    }
  }

  // MARK: Leases

  /// Takes back leases whose time is over; answers how many, and how many of the tasks were poison.
  private func reclaim(_ limit: Int) async throws(EngineError) -> (Int, Int) {
    let names = try await due(keys.lease, by: clock.moment.storeTime.microseconds, limit)
    return try await takeBack(names, limit, .leaseExpired)
  }

  /// Takes back all leases of a worker that is known to be dead, or of all.
  public func takeBack(worker: String?) async throws(EngineError) -> Int {
    let reply = try await client.engineReplies([RESPCommand("ZRANGE", .text(keys.lease), 0, -1, "WITHSCORES")])[0]
    let names = DueName.read(reply)
    guard let worker else { return try await takeBack(names, .max, .processDied).0 }
    var world = World()
    try await Loader(keys: keys, wire: wire, client: client).load(
      Set(names.compactMap { Tag($0.text).map { .task($0.key) } }), into: &world)
    let own = names.filter { name in
      Tag(name.text).flatMap { world.tasks[$0.key] ?? nil }?.record.worker == worker
    }
    return try await takeBack(own, .max, .processDied).0
  }

  private func takeBack(
    _ names: [DueName], _ limit: Int, _ cause: LeaseLoss
  ) async throws(EngineError) -> (Int, Int) {
    if names.isEmpty { return (0, 0) }
    let all = names.map { ($0.time, $0.text, Tag($0.text)) }
    let looks = all.compactMap { $0.2?.isLook == true ? $0.2 : nil }
    let tags = all.filter { $0.2?.isLook != true }
    let (lost, poisoned, stray) = try await transactions.run { draft throws(DraftError) in
      try draft.need(tags.compactMap { $0.2.map { .task($0.key) } })
      var rows: [(time: Int64, position: Int64, tag: Tag)] = []
      var stray: [String] = []
      for (time, text, tag) in tags {
        let row = try tag.flatMap { tag throws(DraftError) in
          try draft.looking { draft throws(Missing) in try draft.row(tag.key) }
        }
        if let tag, let row, row.record.lease?.token == tag.token {
          rows.append((time, row.position, tag))
        } else if let row, row.isUnreadable || row.record.isCorrupt {
          // It is a dead letter, and its message goes with it.
          draft.giveBack(text, of: row.record.message.queueKey)
        } else {
          stray.append(text)
        }
      }
      rows.sort { ($0.time, $0.position) < ($1.time, $1.position) }
      var (lost, poisoned) = (0, 0)
      for (_, _, tag) in rows.prefix(limit) {
        guard let record = try draft.lose(tag.key, token: tag.token, cause) else { continue }
        lost += 1
        if record.state == .failure { poisoned += 1 }
      }
      return (lost, poisoned, stray)
    }
    var restored = 0
    for tag in stray where try await restore(tag) { restored += 1 }
    for start in stride(from: 0, to: looks.count, by: Self.looksAtOnce) {
      try await lookAgain(Array(looks[start...].prefix(Self.looksAtOnce)))
    }
    return (lost + restored, poisoned)
  }

  private static let looksAtOnce = 100

  /// Looks at chords again whose bodies dead Python workers had claimed.
  private func lookAgain(_ looks: [Tag]) async throws(EngineError) {
    let fields = looks.map { RESPCommand.Argument.text($0.text) }
    let reply = try await client.engineReplies([RESPCommand(["HMGET", .text(keys.looks)] + fields)])[0]
    let filed = (reply.elements ?? []).map { $0.bytes.flatMap { FiledMessage($0.readableBytesView) } }
    _ = try await transactions.run { draft throws(DraftError) in
      try draft.need(looks.map { .task($0.key) })
      try draft.needForEnds(of: looks.map(\.key))
      for (look, filed) in zip(looks, filed) { try draft.look(look, filed) }
    }
  }

  /// Puts a message back that was claimed and never begun: who claimed it died in between.
  private func restore(_ tag: String) async throws(EngineError) -> Bool {
    let reply = try await client.engineReplies([RESPCommand("HGET", .text(keys.unacked), .text(tag))])[0]
    guard let bytes = reply.bytes, let filed = FiledMessage(bytes.readableBytesView) else {
      _ = try await client.engineReplies([RESPCommand("ZREM", .text(keys.lease), .text(tag))])
      return false
    }
    return try await putBack(
      filed.envelope, filed.queue, from: tag, if: [["h", .text(keys.unacked), .text(tag), .bytes(bytes)]],
      [
        ["!", "ZREM", .text(keys.lease), .text(tag)],
        ["!", "HINCRBY", .text(keys.leased), .text(filed.queue.text), -1],
      ])
  }

  /// Puts a message into its queue that is filed as unacknowledged: in front, as kombu does it.
  func putBack(
    _ envelope: [UInt8], _ queue: QueueKey, from tag: String, if checks: [Draft.Arguments],
    _ more: [Draft.Arguments] = []
  ) async throws(EngineError) -> Bool {
    let message = try? wire.foreign(envelope, queue: queue)
    let rest: [Draft.Arguments] =
      [
        ["!", "HDEL", .text(keys.unacked), .text(tag)], ["!", "ZREM", .text(keys.unackedIndex), .text(tag)],
        ["!", "PUBLISH", .text(keys.wake), "r"],
      ] + more
    func push(_ list: String) async throws(EngineError) -> Transactions.Performed {
      try await transactions.perform(
        [["!", "RPUSH", .text(list), .bytes(ByteBuffer(bytes: envelope))]] + rest, if: checks)
    }
    let list = keys.list(queue, for: message?.priority)
    switch try await push(list) {
    case .done: return true
    case .moot: return false
    case .impossible:
      logger.error("a message can't be put back into its queue, whose key is no list", metadata: ["key": "\(list)"])
      _ = try await push(keys.unreadable)
      return false
    }
  }

  // MARK: What comes next

  private static func retentions(_ retention: Retention) -> [(TaskState, Duration)] {
    [(.success, retention.success), (.failure, retention.failure), (.revoked, retention.failure)]
  }

  /// How long until the earliest of all duties.
  private func nextDue(_ retention: Retention) async throws(EngineError) -> Duration? {
    let kept = Self.retentions(retention)
    let sets = [keys.delay, keys.expiring, keys.lease] + kept.map { keys.ended($0.0) }
    let replies = try await client.engineReplies(
      sets.map { RESPCommand("ZRANGE", .text($0), 0, 0, "WITHSCORES") })
    let first = replies.map { DueName.read($0).first?.time }
    let moment = clock.moment
    var waits: [Duration] = []
    for index in 0...1 { if let time = first[index] { waits.append(Timestamp(microseconds: time) - moment.now) } }
    if let time = first[2] { waits.append(StoreTime(microseconds: time) - moment.storeTime) }
    for (index, (_, kept)) in kept.enumerated() {
      if let time = first[index + 3] { waits.append(StoreTime(microseconds: time) + kept - moment.storeTime) }
    }
    if let pause = pythonHolds.pause { waits.append(pause) }
    return waits.min().map { max(.zero, $0) }
  }
}

/// A member of a set that is ordered by time.
struct DueName: Sendable {
  var text: String
  var time: Int64

  /// The task of that name.
  var key: TaskKey? { TaskKey(stored: text) }

  /// Members with their scores.
  static func read(_ reply: RESPValue) -> [DueName] {
    reply.pairs.compactMap { pair in
      guard let text = pair.key.string, let time = pair.value.double else { return nil }
      return DueName(text: text, time: Int64(time))
    }
  }
}

/// The name of a claim, taken apart.
struct Tag: Sendable, Hashable {
  var key: TaskKey
  var token: Int64

  /// The name under which it is filed when a chord is to be looked at again: no lease has such a token.
  init(look key: TaskKey, due: StoreTime) {
    self.key = key
    token = -due.microseconds
  }

  var isLook: Bool { token < 0 }

  var text: String { Keys.tag(key, token: token) }

  /// `celerity:tenant/id:token`; `nil` where there is no id.
  init?(_ text: String) {
    guard text.hasPrefix("celerity:"), let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
      let token = Int64(text[text.utf8.index(after: colon)...]),
      let key = TaskKey(stored: String(text[text.utf8.index(text.startIndex, offsetBy: 9)..<colon])),
      !key.id.text.isEmpty
    else { return nil }
    self.key = key
    self.token = token
  }
}

/// A message as it is filed while it is not acknowledged: `[envelope,"exchange","routing key"]`.
struct FiledMessage: Sendable {
  var envelope: [UInt8]
  /// Empty for the one that leads to the queue of the routing key's name.
  var exchange = ""
  var queue: QueueKey

  init(envelope: [UInt8], queue: QueueKey) {
    self.envelope = envelope
    self.queue = queue
  }

  /// As it is filed.
  var bytes: [UInt8] {
    RawJSON.array([RawJSON(unchecked: envelope), .string(""), .string(queue.text)]).bytes
  }

  init?(_ bytes: some RandomAccessCollection<UInt8>) {
    guard let parts = RawJSON(unchecked: Array(bytes)).elements(), parts.count == 3, let queue = parts[2].stringValue
    else { return nil }
    envelope = parts[0].bytes
    exchange = parts[1].stringValue ?? ""
    self.queue = KombuQueue.queue(wireName: queue)
  }
}
