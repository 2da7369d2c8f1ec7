public import CelerityCore
import NIOCore
import RESPClient

/// On connections of their own: a large entry on its way holds up no task.
extension RedisStore: CacheStore, CacheStatistics {
  /// How much of its `maxmemory` a server may use before a cache gives way; the rest is for tasks and results.
  private static let memoryShare = 75

  public func cached(_ key: CacheKey, counting: Bool) async throws(EngineError) -> Blob? {
    try key.check()
    let reply = try await CacheScripts.read.engineRun(
      on: cacheClient, opening(key.cache) + [.text(key.name), counting ? "1" : "0"])
    guard let fields = reply.elements, fields.count == 2, let type = fields[0].string, let bytes = fields[1].bytes
    else { return nil }
    return Blob(contentType: type, bytes: Array(bytes.readableBytesView))
  }

  public func cache(
    _ blob: Blob, at key: CacheKey, for lifetime: Duration, bound: Int
  ) async throws(EngineError) {
    try key.check()
    let arguments =
      opening(key.cache) + [
        .text(key.name), .text(blob.contentType), .bytes(ByteBuffer(bytes: blob.bytes)), .number(key.size(of: blob)),
        .number(lifetime.storable), .number(bound), clock.isGiven ? "0" : "1", .number(Self.memoryShare),
      ]
    while true {
      switch try await CacheScripts.keep.engineRun(on: cacheClient, arguments).integer {
      case 2: continue
      case 3:
        throw EngineError(
          .storageFull, "Redis has used \(Self.memoryShare) % of its memory (maxmemory), and the rest is for tasks",
          hint: "give it more memory, or the cache a smaller bound")
      default: return
      }
    }
  }

  public func uncache(_ key: CacheKey) async throws(EngineError) -> Bool {
    try key.check()
    return try await CacheScripts.forget.engineRun(on: cacheClient, opening(key.cache) + [.text(key.name)]).integer == 1
  }

  public func cacheFigures(of cache: String) async throws(EngineError) -> CacheFigures {
    try CacheKey.check(cache)
    while true {
      let reply = try await CacheScripts.figures.engineRun(on: cacheClient, opening(cache))
      let numbers = (reply.elements ?? []).map { $0.integer ?? 0 }
      guard numbers.count == 7 else {
        throw EngineError(.corrupt, "the script that reads a cache's figures answered nonsense")
      }
      guard numbers[0] == 0 else { continue }
      return CacheFigures(
        hits: numbers[1], misses: numbers[2], sets: numbers[3], evictions: numbers[4], entries: numbers[5],
        bytes: numbers[6])
    }
  }

  public func caches() async throws(EngineError) -> [String: CacheFigures] {
    let replies = try await cacheClient.engineReplies([RESPCommand("SMEMBERS", .text(keys.named("caches")))])
    var caches: [String: CacheFigures] = [:]
    for name in (replies[0].elements ?? []).compactMap(\.string) { caches[name] = try await cacheFigures(of: name) }
    return caches
  }

  private func opening(_ cache: String) -> [RESPCommand.Argument] {
    [.text(keys.prefix), .text(cache), .text(clock.arguments.storeTime)]
  }
}
