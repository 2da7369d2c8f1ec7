public import CelerityCore
import CeleryWire
import NIOCore
import RESPClient

extension RedisStore {
  public func control(_ commands: [ControlCommand]) async throws(EngineError) -> [ControlResult] {
    for command in commands { try command.check() }
    var results: [ControlResult] = []
    for command in commands { results.append(try await control(command)) }
    return results
  }

  private func control(_ command: ControlCommand) async throws(EngineError) -> ControlResult {
    switch command {
    case .pause(let queue):
      _ = try await client.engineReplies([
        RESPCommand("SADD", .text(keys.paused), .text(queue.text)),
        RESPCommand("SADD", .text(keys.queues), .text(queue.text)),
      ])
      return .done(affected: 0)
    case .resume(let queue):
      _ = try await client.engineReplies([
        RESPCommand("SREM", .text(keys.paused), .text(queue.text)), RESPCommand("PUBLISH", .text(keys.wake), "r"),
      ])
      return .done(affected: 0)
    case .purge(let queue):
      return .done(
        affected: try await sweep(queue) { draft, row throws(DraftError) in
          try draft.apply(.cancelRequested(reason: .purged), to: &row)
        })
    case .move(let queue, let name):
      guard queue != QueueKey(name, tenant: queue.tenant) else { return .done(affected: 0) }
      if Keys.isReserved(QueueKey(name, tenant: queue.tenant)) { throw EngineError(reserved: name) }
      return .done(
        affected: try await sweep(queue) { draft, row throws(DraftError) in
          try draft.apply(.moved(to: name), to: &row)
        })
    case .redrive(let key): return try await transactions.run { draft throws(DraftError) in try draft.redrive(key) }
    case .discard(let key): return try await transactions.run { draft throws(DraftError) in try draft.discard(key) }
    }
  }

  /// Does something to everything that waits in a queue: what is there when it begins, in the order in which it would go.
  private func sweep(
    _ queue: QueueKey, _ act: (inout Draft, inout TaskRow) throws(DraftError) -> Void
  ) async throws(EngineError) -> Int {
    let replies = try await client.engineReplies(
      keys.lists(queue).map { RESPCommand("LLEN", .text($0)) } + [
        RESPCommand("ZRANGE", .text(keys.delayed(queue)), 0, -1)
      ])
    var affected = 0
    for (list, reply) in zip(keys.lists(queue), replies) {
      affected += try await sweep(list, of: queue, upTo: Int(reply.integer ?? 0), act)
    }
    let delayed = (replies.last?.elements ?? []).compactMap { $0.string.flatMap(TaskKey.init(stored:)) }
    for start in stride(from: 0, to: delayed.count, by: Self.portion) {
      let some = delayed[start..<min(start + Self.portion, delayed.count)]
      affected += try await transactions.run { draft throws(DraftError) in
        try draft.need(some.map { .task($0) })
        var count = 0
        for key in some {
          guard var row = try draft.looking({ draft throws(Missing) in try draft.row(key) }),
            row.record.phase == .delayed, row.record.message.queueKey == queue
          else { continue }
          try act(&draft, &row)
          count += 1
        }
        return count
      }
    }
    return affected
  }

  /// How many tasks one transaction sweeps: scripts must be short.
  private static let portion = 250

  /// Does something to the messages of a list, the next to go first; those that come meanwhile stand behind them.
  private func sweep(
    _ list: String, of queue: QueueKey, upTo count: Int,
    _ act: (inout Draft, inout TaskRow) throws(DraftError) -> Void
  ) async throws(EngineError) -> Int {
    var (left, affected) = (count, 0)
    while left > 0 {
      let some = min(left, Self.portion)
      let reply = try await client.engineReplies([RESPCommand("LRANGE", .text(list), .number(-some), -1)])[0]
      let envelopes = (reply.elements ?? []).reversed().compactMap { $0.bytes.map { Array($0.readableBytesView) } }
      if envelopes.isEmpty { break }
      left -= some
      let messages = envelopes.map { envelope in (envelope, try? wire.foreign(envelope, queue: queue)) }
      affected += try await transactions.run { draft throws(DraftError) in
        try draft.need(messages.compactMap { $0.1.map { .task($0.key) } })
        var count = 0
        for (envelope, message) in messages where try draft.sweep(envelope, message, in: list, act) { count += 1 }
        return count
      }
    }
    return affected
  }
}

extension Draft {
  /// Does something to a message in a list; answers whether it was one to do it to. In any case it is gone from the list.
  fileprivate mutating func sweep(
    _ envelope: [UInt8], _ message: TaskMessage?, in list: String,
    _ act: (inout Draft, inout TaskRow) throws(DraftError) -> Void
  ) throws(DraftError) -> Bool {
    guard let message else {
      // Unreadable: whoever purges wants it gone.
      perform("LREM", .text(list), -1, .bytes(ByteBuffer(bytes: envelope)))
      return false
    }
    var row = try looking { draft throws(Missing) in try draft.row(message.key) }
    if row == nil {
      // Published by others, and known to nobody yet.
      var record = TaskRecord(accepting: message, at: moment.now)
      record.phase = .ready
      row = TaskRow(record, envelope: envelope)
    }
    guard var row, row.record.phase == .ready, row.envelope == envelope else {
      // A copy of what is dealt with elsewhere.
      perform("LREM", .text(list), -1, .bytes(ByteBuffer(bytes: envelope)))
      return false
    }
    try act(&self, &row)
    return true
  }
}

extension RedisStore {
  public func queues(of tenant: Tenant?) async throws(EngineError) -> [QueueStatus] {
    let replies = try await client.engineReplies([
      RESPCommand("SMEMBERS", .text(keys.queues)), RESPCommand("SMEMBERS", .text(keys.paused)),
      RESPCommand("HGETALL", .text(keys.leased)),
    ])
    // As keys of queues: texts would be compared by what they look like.
    func queues(_ reply: RESPValue) -> Set<QueueKey> {
      Set((reply.elements ?? []).compactMap { $0.string.map(KombuQueue.queue(wireName:)) })
    }
    let paused = queues(replies[1])
    var leased: [QueueKey: Int] = [:]
    for pair in replies[2].pairs {
      if let name = pair.key.string { leased[KombuQueue.queue(wireName: name)] = pair.value.integer.map(Int.init) }
    }
    let all = queues(replies[0]).union(paused).union(leased.filter { $0.value > 0 }.keys)
    let wanted = all.filter { tenant == nil || $0.tenant == tenant }.sorted()
    return try await statuses(wanted, paused: paused, leased: leased)
  }

  private func statuses(
    _ queues: [QueueKey], paused: Set<QueueKey>, leased: [QueueKey: Int]
  ) async throws(EngineError) -> [QueueStatus] {
    let commands = queues.flatMap { queue in
      keys.lists(queue).flatMap { [RESPCommand("LLEN", .text($0)), RESPCommand("LINDEX", .text($0), -1)] } + [
        RESPCommand("ZCARD", .text(keys.delayed(queue)))
      ]
    }
    let replies = try await client.sparingReplies(commands)
    let width = KombuQueue.steps.count * 2 + 1
    var statuses: [QueueStatus] = []
    var world = World()
    var heads: [Int: [TaskKey]] = [:]
    for (index, queue) in queues.enumerated() {
      let part = Array(replies[index * width..<(index + 1) * width])
      var ready = 0
      for step in 0..<KombuQueue.steps.count {
        ready += Int(part[step * 2].integer ?? 0)
        guard let bytes = part[step * 2 + 1].bytes,
          let message = try? wire.foreign(Array(bytes.readableBytesView), queue: queue)
        else { continue }
        heads[index, default: []].append(message.key)
      }
      statuses.append(
        QueueStatus(
          queue, ready: ready, delayed: Int(part[width - 1].integer ?? 0), leased: max(0, leased[queue] ?? 0),
          isPaused: paused.contains(queue)))
    }
    // Next to go are the oldest of their lists; of those somebody else has published, no time is known.
    try await Loader(keys: keys, wire: wire, client: client).load(
      Set(heads.values.joined().map { .task($0) }), into: &world)
    for (index, keys) in heads {
      statuses[index].oldestReady = keys.compactMap { world.tasks[$0].flatMap { $0?.record.created } }.min()
    }
    return statuses.filter { $0.depth + $0.leased > 0 || $0.isPaused }
  }
}
