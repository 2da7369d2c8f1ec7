import CelerityCore

/// Caches: lifetimes, bounds, what goes first, counts.
enum CacheCases {
  static let all = [
    ConformanceCase("What is cached is read as it was kept, to the last microsecond of its lifetime", lifetime),
    ConformanceCase("A lifetime is the store's time, whatever the wall clock does", wallClock),
    ConformanceCase("Kept again, an entry has new bytes, a new lifetime and counts once", replaced),
    ConformanceCase("Of what fills a cache, what was used least recently goes first, and a read is a use", leastRecent),
    ConformanceCase("A cache holds exactly what its bound allows, and an entry larger than that is not kept", bound),
    ConformanceCase("A bound that is lowered holds from the next write on", loweredBound),
    ConformanceCase("What has ended makes room before anything that lives, and is no eviction", endedFirst),
    ConformanceCase("Without a lifetime nothing is kept, and what was there is gone", noLifetime),
    ConformanceCase("Hits, misses, sets and evictions are counted one by one", counts),
    ConformanceCase("Forgetting says whether there was an entry, and counts nothing", forgotten),
    ConformanceCase("Caches are apart: names, bounds and figures", apart),
    ConformanceCase("A bound holds whoever writes at the same time", concurrent),
    ConformanceCase("No hit of many readers and writers at once is lost", concurrentCounts),
    ConformanceCase("An entry may be empty, or hold ten million of any bytes", sizes),
    ConformanceCase("Any text names an entry, and texts that differ in a byte name two", names),
    ConformanceCase("What can't name a cache is refused", badNames),
    ConformanceCase("Every cache that was used is listed with its figures", listed),
  ]

  private static let long = Duration.seconds(3600)

  private static func key(_ name: String, _ cache: String = "documents") -> CacheKey { CacheKey(cache, name) }

  private static func blob(_ count: Int, _ byte: UInt8 = 7) -> Blob {
    Blob(contentType: "application/pdf", bytes: [UInt8](repeating: byte, count: count))
  }

  private static func keep(
    _ run: ConformanceRun, _ name: String, _ blob: Blob = blob(100), for lifetime: Duration = long,
    bound: Int = 1 << 30
  ) async throws {
    try await run.store.cache(blob, at: key(name), for: lifetime, bound: bound)
  }

  private static func expect(
    _ run: ConformanceRun, _ names: String, _ wanted: String, line: UInt = #line
  ) async throws {
    var found = ""
    for name in names {
      if try await run.store.cached(key("\(name)")) != nil { found.append(name) }
    }
    try run.equal(found, wanted, "found", line: line)
  }

  private static func figures(_ run: ConformanceRun) async throws -> CacheFigures {
    try await run.store.cacheFigures(of: "documents")
  }

  static func lifetime(_ run: ConformanceRun) async throws {
    try run.equal(try await run.store.cached(key("a")), nil, "before")
    let kept = Blob(contentType: "text/plain; charset=ü", bytes: Array("%PDF\0\u{1}\r\n".utf8))
    try await keep(run, "a", kept, for: .seconds(2))
    run.time.advance(by: .microseconds(1_999_999))
    try run.equal(try await run.store.cached(key("a")), kept, "in its last microsecond")
    run.time.advance(by: .microseconds(1))
    try run.equal(try await run.store.cached(key("a")), nil, "after its lifetime")
    try await keep(run, "b", kept, for: .microseconds(1))
    try run.equal(try await run.store.cached(key("b")), kept, "a microsecond")
    run.time.advance(by: .microseconds(1))
    try run.equal(try await run.store.cached(key("b")), nil, "after a microsecond")
  }

  static func wallClock(_ run: ConformanceRun) async throws {
    try await keep(run, "a", for: .seconds(10))
    run.time.jump(by: .seconds(86_400))
    try await expect(run, "a", "a")
    run.time.jump(by: .seconds(-2 * 86_400))
    run.time.advance(by: .seconds(10))
    try await expect(run, "a", "")
  }

  static func replaced(_ run: ConformanceRun) async throws {
    try await keep(run, "a", blob(500), for: .seconds(5))
    let second = Blob(contentType: "text/x", bytes: [1])
    try await keep(run, "a", second, for: .seconds(50))
    run.time.advance(by: .seconds(40))
    try run.equal(try await run.store.cached(key("a")), second, "after the first lifetime")
    let size = Int64(key("a").size(of: second))
    try run.equal(
      try await figures(run), CacheFigures(hits: 1, sets: 2, entries: 1, bytes: size), "figures")
    try await keep(run, "a", blob(3), for: .seconds(5))
    run.time.advance(by: .seconds(5))
    try await expect(run, "a", "")
  }

  static func leastRecent(_ run: ConformanceRun) async throws {
    let bound = 3 * key("a").size(of: blob(100))
    for name in ["a", "b", "c"] { try await keep(run, name, bound: bound) }
    try await expect(run, "a", "a")
    try await keep(run, "d", bound: bound)
    try await expect(run, "bacd", "acd")
    // The reads made the order a, c, d; being kept again is a use as well.
    try await keep(run, "a", bound: bound)
    try await keep(run, "e", bound: bound)
    try await keep(run, "f", bound: bound)
    try await expect(run, "cdaef", "aef")
    try run.equal(try await figures(run).evictions, 3, "evictions")
  }

  static func bound(_ run: ConformanceRun) async throws {
    let size = key("a").size(of: blob(100))
    try run.equal(size, 100 + "application/pdf".utf8.count + 1 + CacheKey.overhead, "size")
    try await keep(run, "a", bound: 2 * size)
    try await keep(run, "b", bound: 2 * size)
    try run.equal(
      try await figures(run), CacheFigures(sets: 2, entries: 2, bytes: Int64(2 * size)), "two that fit exactly")
    try await keep(run, "c", bound: 2 * size - 1)
    try await expect(run, "abc", "c")
    try await keep(run, "d", blob(101), bound: size)
    try await keep(run, "e", blob(0), bound: 0)
    try await keep(run, "f", blob(0), bound: -1)
    try await expect(run, "cdef", "c")
    try await keep(run, "c", blob(101), bound: size)
    try await expect(run, "c", "")
    let found = try await figures(run)
    try run.equal([found.sets, found.evictions, found.entries, found.bytes], [3, 2, 0, 0], "sets, evictions, rest")
  }

  static func loweredBound(_ run: ConformanceRun) async throws {
    let size = key("0").size(of: blob(100))
    for number in 0..<9 { try await keep(run, "\(number)", bound: 9 * size) }
    try await keep(run, "x", bound: 4 * size)
    try await expect(run, "012345678x", "678x")
    try run.equal(try await figures(run).evictions, 6, "evictions")
  }

  static func endedFirst(_ run: ConformanceRun) async throws {
    let bound = 3 * key("a").size(of: blob(100))
    try await keep(run, "a", bound: bound)
    try await keep(run, "b", for: .seconds(1), bound: bound)
    try await keep(run, "c", for: .seconds(1), bound: bound)
    run.time.advance(by: .seconds(1))
    try run.equal(try await figures(run).entries, 1, "entries")
    try await keep(run, "d", bound: bound)
    try await keep(run, "e", bound: bound)
    try await expect(run, "abcde", "ade")
    try run.equal(try await figures(run).evictions, 0, "evictions")
  }

  static func noLifetime(_ run: ConformanceRun) async throws {
    try await keep(run, "a")
    for lifetime in [Duration.zero, .seconds(-5)] {
      try await keep(run, "a", for: lifetime)
      try await keep(run, "b", for: lifetime)
      try await expect(run, "ab", "")
      try await keep(run, "a")
    }
    try await keep(run, "for ever", for: .seconds(Int64.max))
    run.time.advance(by: .seconds(86_400 * 365))
    try run.expect(try await run.store.cached(key("for ever")) != nil, "the longest lifetime is over")
  }

  static func counts(_ run: ConformanceRun) async throws {
    try run.equal(try await figures(run), CacheFigures(), "at first")
    let size = key("0").size(of: blob(100))
    for number in 0..<5 { try await keep(run, "\(number)", bound: 3 * size) }
    for name in ["0", "2", "2", "3", "9"] { _ = try await run.store.cached(key(name)) }
    let wanted = CacheFigures(hits: 3, misses: 2, sets: 5, evictions: 2, entries: 3, bytes: Int64(3 * size))
    try run.equal(try await run.store.cached(key("3"), counting: false), blob(100), "a look that does not count")
    try run.equal(try await run.store.cached(key("9"), counting: false), nil, "a look in vain that does not count")
    try run.equal(try await figures(run), wanted, "figures")
    try run.equal(try await figures(run), wanted, "figures, looked at again")
    try run.equal(wanted.requests, 5, "requests")
    try run.equal(wanted.hitRatePercent, 60, "hit rate")
    run.time.advance(by: long)
    _ = try await run.store.cached(key("3"))
    let ended = CacheFigures(hits: 3, misses: 3, sets: 5, evictions: 2)
    try run.equal(try await figures(run), ended, "figures after all has ended")
  }

  static func forgotten(_ run: ConformanceRun) async throws {
    try run.equal(try await run.store.uncache(key("a")), false, "nothing there")
    try await keep(run, "a")
    try await keep(run, "b", for: .seconds(1))
    try run.equal(try await run.store.uncache(key("a")), true, "an entry")
    try run.equal(try await run.store.uncache(key("a")), false, "the entry again")
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.store.uncache(key("b")), false, "an entry that has ended")
    try run.equal(try await figures(run), CacheFigures(sets: 2), "figures")
    try await expect(run, "ab", "")
  }

  static func apart(_ run: ConformanceRun) async throws {
    let size = key("a").size(of: blob(100))
    try await keep(run, "a")
    for cache in ["documents.2", "d"] {
      for name in ["a", "b"] { try await run.store.cache(blob(100, 9), at: key(name, cache), for: long, bound: size) }
    }
    try run.equal(try await run.store.cached(key("a")), blob(100), "the first cache's")
    for cache in ["documents.2", "d"] {
      try run.equal(try await run.store.cached(key("a", cache)), nil, "what gave way in \(cache)")
      try run.equal(try await run.store.cached(key("b", cache)), blob(100, 9), "what is in \(cache)")
      try run.equal(
        try await run.store.cacheFigures(of: cache),
        CacheFigures(hits: 1, misses: 1, sets: 2, evictions: 1, entries: 1, bytes: Int64(size)), "figures of \(cache)")
    }
    try run.equal(try await figures(run), CacheFigures(hits: 1, sets: 1, entries: 1, bytes: Int64(size)), "figures")
  }

  static func concurrent(_ run: ConformanceRun) async throws {
    let bound = 20_000
    let seen = try await run.together(8) { writer in
      var most: Int64 = 0
      for number in 0..<12 {
        let name = number % 3 == 0 ? "same\(number)" : "\(writer).\(number)"
        try await keep(run, name, blob(200 + 700 * ((writer + number) % 5)), bound: bound)
        most = max(most, try await figures(run).bytes)
      }
      return most
    }
    try run.expect(seen.allSatisfy { $0 <= bound }, "\(seen) bytes, the bound is \(bound)")
    let found = try await figures(run)
    try run.equal(found.sets, 96, "sets")
    try run.expect(found.evictions > 0 && found.entries > 0, "\(found)")
    var bytes = 0
    let own = (0..<8).flatMap { writer in (0..<12).map { "\(writer).\($0)" } }
    let common = (0..<4).map { "same\($0 * 3)" }
    for name in own + common {
      if let entry = try await run.store.cached(key(name)) { bytes += key(name).size(of: entry) }
    }
    try run.equal(found.bytes, Int64(bytes), "bytes")
  }

  static func concurrentCounts(_ run: ConformanceRun) async throws {
    try await keep(run, "hot")
    let hits = try await run.together(16) { caller in
      var hits = 0
      for number in 0..<20 {
        if try await run.store.cached(key("hot")) != nil { hits += 1 }
        if try await run.store.cached(key("none")) != nil { hits += 1000 }
        if number % 10 == caller % 10 { try await keep(run, "\(caller).\(number)") }
      }
      return hits
    }
    try run.equal(hits, [Int](repeating: 20, count: 16), "hits of each")
    let found = try await figures(run)
    try run.equal([found.hits, found.misses, found.sets], [320, 320, 33], "hits, misses, sets")
  }

  static func sizes(_ run: ConformanceRun) async throws {
    let large = Blob(contentType: "", bytes: (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 ^ ($0 >> 8)) })
    for (name, kept) in [("empty", Blob(contentType: "", bytes: [])), ("large", large)] {
      try await keep(run, name, kept)
      try run.expect(try await run.store.cached(key(name)) == kept, "the \(name) entry differs")
    }
    try run.equal(
      try await figures(run).bytes, Int64(10_000_000 + "empty".utf8.count + "large".utf8.count + 2 * CacheKey.overhead),
      "bytes")
  }

  static func names(_ run: ConformanceRun) async throws {
    let names = [
      "", " ", "\0", "a\0", "a", "A", "é", "e\u{301}", "日本", "🧪", "a\nb", "a\r\nb", "*", "a:b", "entry:a", "%41",
      "\"'\\",
      String(repeating: "x", count: 3000),
    ]
    for (number, name) in names.enumerated() { try await keep(run, name, blob(number)) }
    for (number, name) in names.enumerated() {
      try run.equal(try await run.store.cached(key(name))?.bytes.count, number, "bytes of \(name)")
    }
    try run.equal(try await figures(run).entries, Int64(names.count), "entries")
    try run.equal(try await run.store.uncache(key("é")), true, "one of two spellings forgotten")
    try run.equal(try await run.store.cached(key("e\u{301}"))?.bytes.count, 7, "the other spelling")
  }

  static func badNames(_ run: ConformanceRun) async throws {
    let bad = ["", "a:b", "A", "ä", "a b", "a\n", "*", String(repeating: "a", count: 101)]
    for cache in bad {
      for verb in 0..<4 {
        do {
          switch verb {
          case 0: _ = try await run.store.cached(key("a", cache))
          case 1: try await run.store.cache(blob(1), at: key("a", cache), for: long, bound: 1 << 20)
          case 2: _ = try await run.store.uncache(key("a", cache))
          default: _ = try await run.store.cacheFigures(of: cache)
          }
        } catch {
          guard error.code == .invalid else { throw error }
          continue
        }
        throw ConformanceFailure("a cache '\(cache)' was taken by verb \(verb)")
      }
    }
    let longest = String(repeating: "a-_.9", count: 20)
    try await run.store.cache(blob(1), at: key("a", longest), for: long, bound: 1 << 20)
    try run.equal(try await run.store.cached(key("a", longest)), blob(1), "in the longest name")
  }

  static func listed(_ run: ConformanceRun) async throws {
    try run.equal(try await run.store.caches(), [:], "before")
    try await keep(run, "a")
    _ = try await run.store.cached(key("a", "items"))
    _ = try await run.store.cached(key("a"))
    let size = Int64(key("a").size(of: blob(100)))
    try run.equal(
      try await run.store.caches(),
      ["documents": CacheFigures(hits: 1, sets: 1, entries: 1, bytes: size), "items": CacheFigures(misses: 1)], "caches"
    )
  }
}
