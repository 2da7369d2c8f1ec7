public import CelerityCore
import RESPClient

extension RedisStore: RecordReader {
  public func records(_ keys: [TaskKey]) async throws(EngineError) -> [RecordLookup] {
    try await withPeers(try await ownRecords(keys), of: keys)
  }

  /// Records as we have them.
  func ownRecords(_ keys: [TaskKey]) async throws(EngineError) -> [RecordLookup] {
    var lookups: [RecordLookup] = []
    lookups.reserveCapacity(keys.count)
    while lookups.count < keys.count {
      let some = keys[lookups.count...].prefix(ReadScripts.tasks)
      let reply = try await ReadScripts.lookUp.engineRun(
        on: client, [.text(self.keys.prefix), .number(ReadScripts.bytes)] + some.map { .text($0.text) })
      guard let answers = reply.elements, !answers.isEmpty else {
        throw EngineError(.corrupt, "the script that looks up records answered nonsense")
      }
      let now = clock.moment.storeTime
      for answer in answers {
        if let found = try record(answer) {
          lookups.append(.found(found.record))
        } else {
          let until = answer.integer.map(StoreTime.init(microseconds:))
          lookups.append(until.map { $0 > now } ?? false ? .expired : .unknown)
        }
      }
    }
    return lookups
  }

  public func list(_ query: RecordQuery) async throws(EngineError) -> RecordPage {
    let limit = max(1, query.limit)
    // What is skipped of all records need not be read.
    let passed = query.filter == nil && !query.hasConditions ? max(0, query.skip) : 0
    var walk = RecordWalk(self, query, wanted: limit == .max ? limit : limit + 1, skip: passed)
    var fill = RecordPageFill(query, passed: passed)
    while let (position, record) = try await walk.next() {
      guard fill.take(record, at: position) else { return fill.page(hasMore: true) }
    }
    return fill.page(hasMore: false)
  }

  /// Without conditions the server's own count; else every record is looked at.
  public func count(_ query: RecordQuery) async throws(EngineError) -> RecordCount {
    if query.filter == nil, !query.hasConditions {
      let bound = query.cursor.map { "(\($0.position)" } ?? "+inf"
      let replies = try await client.engineReplies([
        RESPCommand("ZCOUNT", .text(keys.accepted(query.tenant)), "-inf", .text(bound))
      ])
      return RecordCount(total: Int(replies[0].integer ?? 0), isExact: true)
    }
    var walk = RecordWalk(self, query, wanted: .max)
    var (total, scanned) = (0, 0)
    while let (_, record) = try await walk.next() {
      if scanned == query.longestScan { return RecordCount(total: total, isExact: false) }
      scanned += 1
      if query.filter?.matches(record) ?? true { total += 1 }
    }
    return RecordCount(total: total, isExact: true)
  }

  public func tally(_ query: RecordQuery) async throws(EngineError) -> [RecordTally] {
    var query = query
    query.filter = nil
    query.cursor = nil
    var walk = RecordWalk(self, query, wanted: .max)
    var counts: [RecordTally: Int] = [:]
    while let (_, record) = try await walk.next() {
      counts[RecordTally(record.state, record.message.priority, count: 0), default: 0] += 1
    }
    return counts.map { RecordTally($0.state, $0.priority, count: $1) }
  }
}
