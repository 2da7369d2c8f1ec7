import CelerityCore
import CelerityJSON
import CeleryWire
import NIOCore
import RESPClient

/// From a draft to the arguments of the commit script.
extension Draft {
  typealias Arguments = [RESPCommand.Argument]

  /// What must still be as it was read, each with the entity to load again when it is not.
  var checks: [(Entity, Arguments)] {
    var checks: [(Entity, Arguments)] = []
    for entity in read {
      switch entity {
      case .task(let key):
        let seq = original.tasks[key].flatMap { $0?.record.seq }
        checks.append((entity, ["h", .text(keys.task(key)), "s", .text(seq.map(String.init) ?? "")]))
      case .tombstone(let key):
        checks.append((entity, ["g", .text(keys.tombstone(key)), .text((original.tombstones[key] ?? nil) ?? "")]))
      case .idempotency(let name):
        checks.append((entity, ["g", .text(keys.idempotency(name)), .text((original.idempotency[name] ?? nil) ?? "")]))
      case .unique(let name):
        checks.append((entity, ["g", .text(keys.unique(name)), .text((original.unique[name] ?? nil) ?? "")]))
      case .group(let name):
        guard let group = original.groups[name] else { continue }
        let words: [(ResultKey.ChordCount, String?)] = [
          (.size, group.size), (.added, group.added), (.claim, group.claim),
        ]
        for (part, value) in words {
          checks.append((entity, ["g", .text(keys.chord(name, part)), .text(value ?? "")]))
        }
        checks.append((entity, ["z", .text(keys.chord(name, .parts)), .number(group.counted)]))
      case .claim(let tag): checks.append((entity, ["x", .text(keys.lease), .text(tag)]))
      case .depth, .counted, .parts: break  // bounded below; counted ends go with their group
      }
    }
    for (queue, bound) in depthBounds {
      let lists = keys.lists(queue).map { RESPCommand.Argument.text($0) }
      checks.append((.depth(queue), ["d", .number(bound), .text(keys.delayed(queue))] + lists))
    }
    return checks
  }

  /// What is to be written, in order.
  var writes: [Arguments] {
    var writes: [Arguments] = []
    let changed = touched.sorted { $0.value < $1.value }.compactMap { key, change in
      let after = world.tasks[key] ?? nil
      return after.flatMap { after in before[key].map { (before: $0, after: after, change: change) } }
    }
    // Records behind each other, because the script gathers what they add to the feed.
    for (before, after, _) in changed { if let before { leave(before, for: after, &writes) } }
    for (before, after, change) in changed { write(after, over: before, change: change, &writes) }
    for (before, after, _) in changed { enter(after, from: before, &writes) }
    writes += operations
    for (key, row) in forgotten {
      leave(before[key].flatMap { $0 } ?? row, for: nil, &writes)
      remove(key, row, &writes)
    }
    if !hints.isEmpty { writes.append(["h", .text(keys.changes), .text(Hint.text(hints))]) }
    if hasReady || hasDuty {
      writes.append(["!", "PUBLISH", .text(keys.wake), hasReady ? hasDuty ? "rd" : "r" : "d"])
    }
    return MergedWrites(writes).operations
  }

  /// Takes a row out of where its phase has it.
  private func leave(_ row: TaskRow, for after: TaskRow?, _ writes: inout [Arguments]) {
    let record = row.record
    let key = RESPCommand.Argument.text(record.key.text)
    let queue = record.message.queueKey
    if record.isWaiting, record.message.expires != nil { writes.append(["!", "ZREM", .text(keys.expiring), key]) }
    switch record.phase {
    case .delayed:
      writes.append(["!", "ZREM", .text(keys.delay), key])
      writes.append(["!", "ZREM", .text(keys.delayed(queue)), key])
    case .ready:
      // A claim that is given back without having been noted has taken the message out of its list already.
      if row.strayTag == nil, isUsable(queue) {
        let list = keys.list(queue, for: record.message.priority)
        let message = RESPCommand.Argument.bytes(ByteBuffer(bytes: row.envelope))
        if after?.record.state == .revoked, queue.tenant == .default {
          // Not in its list: a Python worker has it, and is told as Celery's clients would tell it.
          let order = ControlCast.revoke(record.message.id, tag: wire.tag())
          writes.append(["q", .text(list), message, .text(control), .bytes(ByteBuffer(bytes: order))])
        } else {
          writes.append(["!", "LREM", .text(list), -1, message])
        }
      }
    case .leased, .promised: break
    case .finished: writes.append(["!", "ZREM", .text(keys.ended(record.state)), key])
    }
    if record.phase == .finished, after == nil || after?.record.isWaiting == true, record.message.tenant == .default {
      // A result that is no more, or that another will follow: whoever asks for it must not get the old one.
      writes.append(["!", "DEL", .text(keys.meta(record.key))])
    }
    if let tag = row.tag, tag != after?.record.lease.map({ Keys.tag(record.key, token: $0.token) }) {
      release(tag, of: queue, &writes)
    }
  }

  /// Gives a claim back.
  func release(_ tag: String, of queue: QueueKey, _ writes: inout [Arguments]) {
    writes.append(["!", "HDEL", .text(keys.unacked), .text(tag)])
    writes.append(["!", "ZREM", .text(keys.unackedIndex), .text(tag)])
    writes.append(["!", "ZREM", .text(keys.lease), .text(tag)])
    writes.append(["!", "HINCRBY", .text(keys.leased), .text(queue.text), -1])
  }

  private func write(_ row: TaskRow, over before: TaskRow?, change: Int, _ writes: inout [Arguments]) {
    let key = row.record.key
    let isNew = (before?.position ?? 0) == 0
    var fields: Arguments = ["r", .bytes(ByteBuffer(bytes: row.state.bytes))]
    if isNew || before?.strayTag != nil || before?.envelope != row.envelope {
      fields += ["m", .bytes(ByteBuffer(bytes: row.envelope))]
    }
    fields += ["w", row.record.phase == .ready ? "1" : ""]
    if before != nil || row.record.phase == .leased {
      fields += ["t", .text(row.record.lease.map { String($0.token) } ?? ""), "l", ""]
      fields += ["c", row.record.isCancelRequested ? "1" : ""]
    }
    let frees = row.unique?.scope == .untilStarted ? row.unique : nil
    if frees != nil || before?.unique?.scope == .untilStarted {
      let name = frees.map { keys.unique(ScopedName($0.key, tenant: key.tenant)) }
      fields += ["u", .text(name ?? "")]
    }
    let head: Arguments = [isNew ? "a" : "r", .number(change), .text(keys.task(key)), .text(key.text)]
    writes.append(head + (isNew ? [.text(keys.accepted(key.tenant))] : []) + fields)
  }

  /// Puts a row where its phase has it.
  private func enter(_ row: TaskRow, from before: TaskRow?, _ writes: inout [Arguments]) {
    let record = row.record
    let key = RESPCommand.Argument.text(record.key.text)
    if (before?.position ?? 0) == 0 {
      writes.append(["!", "SADD", .text(keys.tenants), .text(record.key.tenant.name)])
    }
    let queue = record.message.queueKey
    if record.isWaiting, let expires = record.message.expires {
      writes.append(["!", "ZADD", .text(keys.expiring), .number(expires.microseconds), key])
    }
    switch record.phase {
    case .delayed:
      let due = RESPCommand.Argument.number(record.due?.microseconds ?? 0)
      writes.append(["!", "ZADD", .text(keys.delay), due, key])
      writes.append(["!", "ZADD", .text(keys.delayed(queue)), due, key])
      writes.append(["!", "SADD", .text(keys.queues), .text(queue.text)])
    case .ready:
      let list = keys.list(queue, for: record.message.priority)
      writes.append(["!", "LPUSH", .text(list), .bytes(ByteBuffer(bytes: row.envelope))])
      writes.append(["!", "SADD", .text(keys.queues), .text(queue.text)])
    case .leased: break  // the claim script has entered it
    case .promised: break  // it stands nowhere
    case .finished:
      writes.append(["!", "ZADD", .text(keys.ended(record.state)), .number(row.ended?.microseconds ?? 0), key])
    }
    if record.phase != before?.record.phase || record.state == .progress, !absorbed.contains(record.key) {
      writeMeta(record, &writes)
    }
  }

  /// Celery's record of what became of the task. `ignore_result` asks for none, but a failure's is always there.
  private func writeMeta(_ record: TaskRecord, _ writes: inout [Arguments]) {
    guard record.message.tenant == .default, record.state != .started, var meta = ResultMeta(record) else { return }
    if record.message.extras.ignoreResult == true, record.state != .failure { return }
    // Who has a key of that name there loses nothing to us.
    if world.strangeKeys.contains(keys.meta(record.key)) { return }
    if let children = children[record.key] { meta.children = children }
    let seconds = max(0, resultExpires.microseconds / 1_000_000)
    writes.append([
      "t", .number(seconds), .text(keys.meta(record.key)), .bytes(ByteBuffer(bytes: meta.json.bytes)),
    ])
  }

  private func remove(_ key: TaskKey, _ row: TaskRow, _ writes: inout [Arguments]) {
    writes.append(["!", "DEL", .text(keys.task(key)), .text(keys.log(key))])
    for generation in 0...row.record.generation {
      writes.append(["!", "DEL", .text(keys.steps(key, generation: generation))])
    }
    writes.append(["!", "ZREM", .text(keys.feed), .text(key.text)])
    writes.append(["!", "ZREM", .text(keys.accepted(key.tenant)), .text(key.text)])
  }
}

extension Draft {
  /// Whether this draft can do without keys that hold something else than it would write: another program's.
  func canAvoid(_ strange: Set<String>) -> Bool {
    var avoidable: Set<String> = []
    for key in touched.keys {
      avoidable.insert(keys.meta(key))
      for row in [before[key] ?? nil, world.tasks[key] ?? nil] {
        if let queue = row?.record.message.queueKey { avoidable.formUnion(keys.lists(queue)) }
      }
    }
    return strange.isSubset(of: avoidable) && !strange.isSubset(of: world.strangeKeys)
  }
}

extension TaskRecord {
  /// Whether it waits to be fetched.
  var isWaiting: Bool { phase == .delayed || phase == .ready }

  /// Whether it stands for a record that could not be read.
  var isCorrupt: Bool { phase == .finished && reason == "corrupt" }

  /// Whether a Python worker may run it, or have run it, without our knowing.
  var mayEndElsewhere: Bool { isWaiting || phase == .promised }
}
