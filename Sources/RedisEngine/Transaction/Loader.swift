import CelerityCore
import CelerityJSON
import CeleryWire
import NIOCore
import RESPClient

/// Fetches entities from the server: one round trip for all of them.
struct Loader: Sendable {
  let keys: Keys
  let wire: Wire
  let client: RedisClient

  /// Loads entities into a world.
  func load(_ entities: Set<Entity>, into world: inout World) async throws(EngineError) {
    let wanted = Array(entities)
    var commands: [RESPCommand] = []
    var counts: [Int] = []
    for entity in wanted {
      let some = self.commands(for: entity)
      counts.append(some.count)
      commands += some
    }
    let replies = try await client.sparingReplies(commands)
    var start = 0
    for (entity, count) in zip(wanted, counts) {
      try store(Array(replies[start..<start + count]), of: entity, in: &world)
      start += count
    }
  }

  private func commands(for entity: Entity) -> [RESPCommand] {
    switch entity {
    case .task(let key): [RESPCommand(["HMGET", .text(keys.task(key))] + TaskRow.fields.map { .text($0) })]
    case .tombstone(let key): [RESPCommand("GET", .text(keys.tombstone(key)))]
    case .idempotency(let name): [RESPCommand("GET", .text(keys.idempotency(name)))]
    case .unique(let name): [RESPCommand("GET", .text(keys.unique(name)))]
    case .depth(let queue):
      keys.lists(queue).map { RESPCommand("LLEN", .text($0)) } + [RESPCommand("ZCARD", .text(keys.delayed(queue)))]
    case .group(let name):
      [.size, .added, .claim].map { RESPCommand("GET", .text(keys.chord(name, $0))) } + [
        RESPCommand("ZCARD", .text(keys.chord(name, .parts))),
        RESPCommand("HMGET", .text(keys.group(name)), "body", "queue", "id", "passes"),
      ]
    case .counted(let name, let member): [RESPCommand("SISMEMBER", .text(keys.chord(name, .counted)), .text(member))]
    case .parts(let name): [RESPCommand("ZRANGE", .text(keys.chord(name, .parts)), 0, -1, "WITHSCORES")]
    case .claim: []  // looked at when a draft is written
    }
  }

  private func store(_ replies: [RESPValue], of entity: Entity, in world: inout World) throws(EngineError) {
    switch entity {
    case .task(let key): world.tasks[key] = .some(try row(replies[0].elements ?? [], key: key))
    case .tombstone(let key): world.tombstones[key] = .some(replies[0].string)
    case .idempotency(let name): world.idempotency[name] = .some(replies[0].string)
    case .unique(let name): world.unique[name] = .some(replies[0].string)
    case .depth(let queue):
      // A key that is no list has no depth: it is found out when something is to be put there.
      world.depths[queue] = replies.reduce(0) { $0 + Int($1.integer ?? 0) }
      world.guessedDepths.remove(queue)
    case .group(let name):
      let fields = replies[4].elements ?? []
      var declaration: StoredDeclaration?
      if fields.count == 4, let body = fields[0].bytes, let queue = fields[1].string, let id = fields[2].string {
        declaration = StoredDeclaration(
          body: Array(body.readableBytesView), bodyQueue: queue, bodyID: id, passesResults: fields[3].string != "0")
      }
      world.groups[name] = GroupState(
        size: replies[0].string, counted: Int(replies[3].integer ?? 0), added: replies[1].string,
        claim: replies[2].string, declaration: declaration)
    case .counted(let name, let member): world.counted[name, default: [:]][member] = replies[0].integer == 1
    case .parts(let name):
      world.parts[name] = replies[0].pairs.compactMap { pair in
        guard let text = pair.key.string, let score = pair.value.double else { return nil }
        return ChordMember(score: score, text: text)
      }
    case .claim: break
    }
  }

  /// The row of a hash's fields, with a claim that it does not tell of yet; `nil` when there is no such task.
  func row(_ fields: [RESPValue], key: TaskKey) throws(EngineError) -> TaskRow? {
    guard fields.count == 5, let seq = fields[0].integer, let state = fields[1].bytes, let envelope = fields[2].bytes
    else { return nil }
    var row = try TaskRow(
      sparing: key, seq: seq, state: RawJSON(unchecked: Array(state.readableBytesView)),
      envelope: Array(envelope.readableBytesView), position: fields[3].integer ?? 0, wire: wire)
    if row.isUnreadable { return row }
    if let note = fields[4].string.flatMap(ClaimNote.init) { row.apply(note, lease: StoreTime(microseconds: 0)) }
    return row
  }
}

extension TaskRow {
  /// Makes a claim part of the record.
  mutating func apply(_ note: ClaimNote, lease deadline: StoreTime) {
    // Only a ready task is claimed.
    try? TaskLifecycle().apply(
      .leased(Lease(token: note.token, deadline: deadline), worker: note.worker), to: &record, at: note.started)
    if unique?.scope == .untilStarted { unique = nil }
  }
}
