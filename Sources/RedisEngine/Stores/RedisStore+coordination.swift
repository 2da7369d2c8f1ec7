public import CelerityCore
import RESPClient
import Synchronization

extension RedisStore: RevocationStore {
  /// A sorted set of what is revoked, by the end of the revocation on the store's time; each call forgets those that have ended.
  private var revokedSet: String { keys.named("revoked") }

  public func revoke(_ revocations: [Revocation], for duration: Duration) async throws(EngineError) {
    if revocations.isEmpty { return }
    let now = clock.moment.storeTime
    let until = RESPCommand.Argument.number((now + duration).microseconds)
    let entries = revocations.flatMap { [until, .text($0.storedName)] }
    _ = try await client.engineReplies([
      RESPCommand(["ZADD", .text(revokedSet)] + entries),
      RESPCommand("ZREMRANGEBYSCORE", .text(revokedSet), "-inf", .number(now.microseconds)),
    ])
  }

  public func revoked(
    among candidates: [Revocation], tenant: Tenant
  ) async throws(EngineError) -> Set<Revocation> {
    let own = candidates.filter { $0.tenant == tenant }
    if own.isEmpty || isKnownUnrevoked(own) { return [] }
    let replies = try await client.engineReplies([
      RESPCommand(["ZMSCORE", .text(revokedSet)] + own.map { .text($0.storedName) })
    ])
    let now = Double(clock.moment.storeTime.microseconds)
    let scores = replies[0].elements ?? []
    return Set(zip(own, scores).filter { $1.double.map { $0 > now } ?? false }.map(\.0))
  }

  /// Asks how many revocations there are.
  var revocationCount: RESPCommand {
    RESPCommand("ZCOUNT", .text(revokedSet), .text("(\(clock.moment.storeTime.microseconds)"), "+inf")
  }

  /// Whether these are what would revoke the tasks that were claimed last, when nothing was revoked. Said once: whoever asks
  /// again wants to know what has happened since.
  private func isKnownUnrevoked(_ candidates: [Revocation]) -> Bool {
    let claimed = unrevoked.withLock { unrevoked in
      defer { unrevoked = [] }
      return unrevoked
    }
    if claimed.isEmpty { return false }
    var asked = 0
    for case .task(let key) in candidates {
      guard claimed.contains(key) else { return false }
      asked += 1
    }
    // Stamps are those of the tasks that are asked about with them.
    return asked > 0
  }
}

/// A term is a hash: `holder`, `fence`, `until`. It stays when it ends, because the fence must go on growing.
private enum LeaderScripts {
  /// Becomes or stays leader. Arguments: the hash; holder; microseconds; store time or empty. Answers fence and end, or nothing.
  static let lead = RedisScript(
    "lead",
    """
    local own = tonumber(ARGV[4])
    if not own then
      local time = redis.call('TIME')
      own = time[1] * 1000000 + time[2]
    end
    local term = redis.call('HMGET', ARGV[1], 'holder', 'fence', 'until')
    local isHeld = term[3] and tonumber(term[3]) > own
    if isHeld and term[1] ~= ARGV[2] then return false end
    local fence = string.format('%.0f', (tonumber(term[2] or '0')) + (isHeld and 0 or 1))
    local ends = string.format('%.0f', own + tonumber(ARGV[3]))
    redis.call('HSET', ARGV[1], 'holder', ARGV[2], 'fence', fence, 'until', ends)
    return { fence, ends }
    """)

  /// Steps down. Arguments: the hash; holder.
  static let resign = RedisScript(
    "resign",
    """
    if redis.call('HGET', ARGV[1], 'holder') == ARGV[2] then redis.call('HSET', ARGV[1], 'until', '-1') end
    """)
}

extension RedisStore: LeadershipStore {
  public func lead(
    _ name: String, holder: String, for duration: Duration
  ) async throws(EngineError) -> Leadership? {
    let reply = try await LeaderScripts.lead.engineRun(
      on: client,
      [
        .text(keys.named("leader:\(name)")), .text(holder), .number(duration.storable),
        .text(clock.arguments.storeTime),
      ])
    guard let parts = reply.elements, parts.count == 2, let fence = parts[0].integer, let until = parts[1].integer
    else { return nil }
    return Leadership(name: name, holder: holder, fence: fence, until: StoreTime(microseconds: until))
  }

  public func resign(_ name: String, holder: String) async throws(EngineError) {
    _ = try await LeaderScripts.resign.engineRun(on: client, [.text(keys.named("leader:\(name)")), .text(holder)])
  }
}
