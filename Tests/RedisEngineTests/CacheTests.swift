import CelerityCore
import CelerityJSON
import CelerityTesting
import Foundation
import RESPClient
import Testing

@testable import RedisEngine

@Suite("The cache in Redis", .sharedRedis)
struct CacheTests {
  private let key = CacheKey("documents", "a")
  private let stand = Stand()

  private func blob(_ count: Int) -> Blob { Blob(contentType: "t", bytes: [UInt8](repeating: 7, count: count)) }

  private func keys(_ client: RedisClient, _ pattern: String) async throws -> Set<String> {
    let reply = try await client.send(RESPCommand("KEYS", .text(pattern)))
    return Set((reply.elements ?? []).compactMap(\.string).map { $0.replacingOccurrences(of: stand.prefix, with: "") })
  }

  @Test("All its keys are under celerity:cache and celerity:caches, behind the prefix")
  func ownKeys() async throws {
    let store = try await stand.open(TestTime())
    let client = try stand.client()
    let before = try await keys(client, "\(stand.prefix)*")
    try await store.cache(blob(1), at: key, for: .seconds(60), bound: 1 << 20)
    _ = try await store.cached(key)
    let new = try await keys(client, "\(stand.prefix)*").subtracting(before)
    #expect(
      new == [
        "celerity:caches", "celerity:cache:documents:entry:a", "celerity:cache:documents:used",
        "celerity:cache:documents:until", "celerity:cache:documents:sizes", "celerity:cache:documents:figures",
      ])
    // Forgotten, nothing is left of an entry.
    _ = try await store.uncache(key)
    #expect(
      try await keys(client, "\(stand.prefix)celerity:cache*")
        == ["celerity:caches", "celerity:cache:documents:figures"])
    await client.close()
    await stand.close()
  }

  @Test("S3.36: processes share entries, bound and counters")
  func processes() async throws {
    let time = TestTime()
    let stores = [try await stand.open(time), try await stand.open(time), try await stand.open(time)]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, store) in stores.enumerated() {
        group.addTask {
          for round in 0..<20 {
            let key = CacheKey("documents", "\(number).\(round)")
            try await store.cache(blob(500), at: key, for: .seconds(60), bound: 5000)
            _ = try await store.cached(CacheKey("documents", "none"))
          }
        }
      }
      try await group.waitForAll()
    }
    let figures = try await stores[0].cacheFigures(of: "documents")
    #expect(figures.sets == 60 && figures.misses == 60 && figures.bytes <= 5000)
    #expect(figures.evictions == 60 - figures.entries)
    for store in stores { #expect(try await store.cacheFigures(of: "documents") == figures) }
    await stand.close()
  }

  @Test("On the server's own time Redis lets entries expire by itself, and they are accounted for")
  func expired() async throws {
    let store = try await stand.openOnServerTime()
    let client = try stand.client()
    try await store.cache(blob(9), at: key, for: .seconds(3600), bound: 1 << 20)
    try await store.cache(blob(9), at: CacheKey("documents", "b"), for: .seconds(3600), bound: 1 << 20)
    #expect(try await store.cached(key) == blob(9))
    let entry = "\(stand.prefix)celerity:cache:documents:entry:"
    #expect(try await client.send(RESPCommand("PTTL", .text(entry + "b"))).integer.map { $0 > 3_500_000 } == true)
    // As if its time were over.
    #expect(try await client.send(RESPCommand("PEXPIRE", .text(entry + "a"), 1)).integer == 1)
    while try await client.send(RESPCommand("EXISTS", .text(entry + "a"))).integer == 1 {}
    #expect(try await store.cached(key) == nil)
    let size = Int64(key.size(of: blob(9)))
    #expect(
      try await store.cacheFigures(of: "documents")
        == CacheFigures(hits: 1, misses: 1, sets: 2, entries: 1, bytes: size))
    await client.close()
    await stand.close()
  }

  @Test("An entry that somebody deleted is a miss, and counts for nothing from then on")
  func deletedByHand() async throws {
    let store = try await stand.open(TestTime())
    let client = try stand.client()
    try await store.cache(blob(9), at: key, for: .seconds(60), bound: 1 << 20)
    _ = try await client.send(RESPCommand("DEL", .text("\(stand.prefix)celerity:cache:documents:entry:a")))
    #expect(try await store.uncache(key) == false)
    try await store.cache(blob(9), at: key, for: .seconds(60), bound: 1 << 20)
    _ = try await client.send(RESPCommand("DEL", .text("\(stand.prefix)celerity:cache:documents:entry:a")))
    #expect(try await store.cached(key) == nil)
    #expect(try await store.cacheFigures(of: "documents") == CacheFigures(misses: 1, sets: 2))
    await client.close()
    await stand.close()
  }

  @Test("More entries than one script throws out are thrown out by several", arguments: [true, false])
  func many(byTime: Bool) async throws {
    let time = TestTime()
    let store = try await stand.open(time)
    let count = 2 * CacheScripts.most + 100
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<count {
        group.addTask {
          try await store.cache(
            blob(0), at: CacheKey("documents", "\(number + 10_000)"), for: .seconds(60), bound: 1 << 30)
        }
      }
      try await group.waitForAll()
    }
    if byTime {
      time.advance(by: .seconds(60))
      #expect(try await store.cacheFigures(of: "documents") == CacheFigures(sets: Int64(count)))
    } else {
      let last = CacheKey("documents", "10000")
      try await store.cache(blob(0), at: last, for: .seconds(60), bound: last.size(of: blob(0)))
      let figures = try await store.cacheFigures(of: "documents")
      #expect(figures.entries == 1 && figures.evictions == Int64(count - 1) && figures.sets == Int64(count + 1))
    }
    await stand.close()
  }

  @Test("S3.36: where Redis has a limit of memory, the cache gives way long before tasks are refused")
  func memoryLimit() async throws {
    let server = try await RedisServer.started(options: ["--maxmemory", "24mb", "--maxmemory-policy", "noeviction"])
    let store = try await RedisStore.open(RedisStoreConfiguration(try RedisEndpoint(url: server.url)))
    for number in 0..<60 {
      try await store.cache(
        blob(500_000), at: CacheKey("documents", "\(number)"), for: .seconds(600), bound: 8 << 30)
    }
    let figures = try await store.cacheFigures(of: "documents")
    #expect(figures.sets == 60 && figures.evictions > 20 && figures.entries > 5, "\(figures)")
    #expect(try await store.cached(CacheKey("documents", "59")) == blob(500_000))
    #expect(try await store.cached(CacheKey("documents", "0")) == nil)
    // There is room for what counts: a quarter of the memory.
    for number in 0..<40 {
      let message = TaskMessage(
        id: TaskID(stored: "\(number)"), task: "work", args: .array([.string(String(repeating: "x", count: 50_000))]))
      guard case .accepted = try await store.submit([Submission(message)])[0] else {
        Issue.record("task \(number) was refused")
        break
      }
    }
    // What tasks take, the cache gives back; and what has no room at all is refused with the reason.
    await #expect {
      try await store.cache(blob(20_000_000), at: key, for: .seconds(60), bound: 8 << 30)
    } throws: { ($0 as? EngineError)?.code == .storageFull }
    await store.close()
    server.kill()
  }

  @Test("A server that is away fails a call of the cache soon, and is used again when it is back")
  func away() async throws {
    let server = try await RedisServer.started()
    let store = try await RedisStore.open(RedisStoreConfiguration(try RedisEndpoint(url: server.url)))
    try await store.cache(blob(9), at: key, for: .seconds(600), bound: 1 << 20)
    server.kill()
    let began = ContinuousClock.now
    for _ in 0..<2 {
      await #expect { _ = try await store.cached(key) } throws: { ($0 as? EngineError)?.code == .unavailable }
    }
    // Each waits two seconds for it, where other calls wait much longer.
    #expect(ContinuousClock.now - began < .seconds(8))
    try await server.start()
    for _ in 0..<100 {
      if (try? await store.cached(key)) != nil { break }
    }
    #expect(try await store.cached(key) == blob(9))
    await store.close()
    server.kill()
  }
}
