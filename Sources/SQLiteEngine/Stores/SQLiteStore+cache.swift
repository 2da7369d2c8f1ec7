public import CelerityCore

extension SQLiteStore: CacheStore, CacheStatistics {
  public func cached(_ key: CacheKey, counting: Bool) async throws(EngineError) -> Blob? {
    try key.check()
    return try await storeCache.use { try await $0.read(key, counting: counting, at: storeCache.now) }
  }

  public func cache(
    _ blob: Blob, at key: CacheKey, for lifetime: Duration, bound: Int
  ) async throws(EngineError) {
    try key.check()
    try storeCache.checkSpace(for: blob.bytes.count)
    try await storeCache.use { file in
      var isDone = false
      while !isDone {
        isDone = try await file.write { [now = storeCache.now] transaction in
          try transaction.keep(blob, at: key, until: now + lifetime, bound: bound, at: now)
        }
      }
    }
  }

  public func uncache(_ key: CacheKey) async throws(EngineError) -> Bool {
    try key.check()
    guard storeCache.exists else { return false }
    return try await storeCache.use { file in
      try await file.write { [now = storeCache.now] in try $0.forget(key, at: now) }
    }
  }

  public func cacheFigures(of name: String) async throws(EngineError) -> CacheFigures {
    try CacheKey.check(name)
    try commits.checkOpen()
    guard storeCache.exists else { return CacheFigures() }
    return try await storeCache.use { try await figures(of: name, $0) }
  }

  public func caches() async throws(EngineError) -> [String: CacheFigures] {
    try commits.checkOpen()
    guard storeCache.exists else { return [:] }
    return try await storeCache.use { file in
      var caches: [String: CacheFigures] = [:]
      for name in try await file.write({ try $0.names() }) { caches[name] = try await figures(of: name, file) }
      return caches
    }
  }

  private func figures(of name: String, _ file: CacheFile) async throws -> CacheFigures {
    while true {
      let figures = try await file.write { [now = storeCache.now] in try $0.figures(of: name, at: now) }
      if let figures { return figures }
    }
  }
}
