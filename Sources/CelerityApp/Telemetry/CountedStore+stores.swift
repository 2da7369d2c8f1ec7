import CelerityCore

// What the roles use of a store besides submitting: passed on as it is.

extension CountedStore: ProgressStore, StepStore {
  func report(_ reports: [ProgressReport]) async throws(EngineError) -> [Bool] { try await store.report(reports) }

  func append(_ lines: [TaskLogLine]) async throws(EngineError) { try await store.append(lines) }

  func logs(of key: TaskKey, after number: Int64, limit: Int) async throws(EngineError) -> [TaskLogLine] {
    try await store.logs(of: key, after: number, limit: limit)
  }

  func steps(of key: TaskKey, generation: Int) async throws(EngineError) -> [StepResult] {
    try await store.steps(of: key, generation: generation)
  }

  func save(_ step: StepResult, for key: TaskKey, token: Int64) async throws(EngineError) -> Bool {
    try await store.save(step, for: key, token: token)
  }
}

extension CountedStore: PermitStore, RevocationStore {
  func acquire(_ requests: [PermitRequest]) async throws(EngineError) -> [PermitAnswer] {
    try await store.acquire(requests)
  }

  func release(_ holders: [PermitHolder]) async throws(EngineError) { try await store.release(holders) }

  func revoke(_ revocations: [Revocation], for duration: Duration) async throws(EngineError) {
    try await store.revoke(revocations, for: duration)
  }

  func revoked(among candidates: [Revocation], tenant: Tenant) async throws(EngineError) -> Set<Revocation> {
    try await store.revoked(among: candidates, tenant: tenant)
  }
}

extension CountedStore: WorkerPresence, WorkerOrders {
  func announce(_ worker: WorkerInfo, for duration: Duration) async throws(EngineError) {
    try await store.announce(worker, for: duration)
  }

  func withdraw(_ name: String) async throws(EngineError) { try await store.withdraw(name) }

  func workers() async throws(EngineError) -> [WorkerInfo] { try await store.workers() }

  func order(_ order: WorkerOrder, worker name: String) async throws(EngineError) -> Bool {
    try await store.order(order, worker: name)
  }

  func nextOrders(
    worker: String, incarnation: String, after number: Int64, wait: Duration
  ) async throws(EngineError) -> [NumberedOrder] {
    try await store.nextOrders(worker: worker, incarnation: incarnation, after: number, wait: wait)
  }
}

extension CountedStore: LeadershipStore, DocumentStore {
  func lead(_ name: String, holder: String, for duration: Duration) async throws(EngineError) -> Leadership? {
    try await store.lead(name, holder: holder, for: duration)
  }

  func resign(_ name: String, holder: String) async throws(EngineError) {
    try await store.resign(name, holder: holder)
  }

  func documents(_ keys: [DocumentKey]) async throws(EngineError) -> [Document?] { try await store.documents(keys) }

  func write(_ writes: [DocumentWrite]) async throws(EngineError) -> DocumentWriteResult {
    try await store.write(writes)
  }

  func documents(
    in collection: String, of tenant: Tenant, prefix: String, after name: String?, limit: Int
  ) async throws(EngineError) -> [Document] {
    try await store.documents(in: collection, of: tenant, prefix: prefix, after: name, limit: limit)
  }
}

extension CountedStore: CacheStore {
  func cached(_ key: CacheKey, counting: Bool) async throws(EngineError) -> Blob? {
    do {
      return try await store.cached(key, counting: counting)
    } catch {
      throw failed(error, key.cache)
    }
  }

  func cache(
    _ blob: Blob, at key: CacheKey, for lifetime: Duration, bound: Int
  ) async throws(EngineError) {
    do {
      try await store.cache(blob, at: key, for: lifetime, bound: bound)
    } catch {
      throw failed(error, key.cache)
    }
  }

  func uncache(_ key: CacheKey) async throws(EngineError) -> Bool {
    do {
      return try await store.uncache(key)
    } catch {
      throw failed(error, key.cache)
    }
  }

  func cacheFigures(of cache: String) async throws(EngineError) -> CacheFigures {
    try await store.cacheFigures(of: cache)
  }
}
