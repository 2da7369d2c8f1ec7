public import CelerityCore

extension MemoryStore: RecordReader, ChangeFeed {
  public func records(_ keys: [TaskKey]) async throws(EngineError) -> [RecordLookup] {
    read { $0.records(keys, at: $1) }
  }

  public func list(_ query: RecordQuery) async throws(EngineError) -> RecordPage {
    read { model, _ in model.list(query) }
  }

  public func count(_ query: RecordQuery) async throws(EngineError) -> RecordCount {
    read { model, _ in model.count(query) }
  }

  public func tally(_ query: RecordQuery) async throws(EngineError) -> [RecordTally] {
    read { model, _ in model.tally(query) }
  }

  public func changes(after seq: ChangeNumber, tenant: Tenant?, limit: Int) async throws(EngineError) -> ChangePage {
    read { model, _ in model.changes(after: seq, tenant: tenant, limit: limit) }
  }

  public func lastChange() async throws(EngineError) -> ChangeNumber {
    read { model, _ in model.seq }
  }
}

extension MemoryStore: ProgressStore, StepStore {
  public func report(_ reports: [ProgressReport]) async throws(EngineError) -> [Bool] {
    commit { $0.report(reports, at: $1) }
  }

  public func append(_ lines: [TaskLogLine]) async throws(EngineError) {
    commit { model, _ in model.append(lines) }
  }

  public func logs(of key: TaskKey, after number: Int64, limit: Int) async throws(EngineError) -> [TaskLogLine] {
    read { model, _ in model.logs(of: key, after: number, limit: limit) }
  }

  public func steps(of key: TaskKey, generation: Int) async throws(EngineError) -> [StepResult] {
    read { model, _ in model.steps(of: key, generation: generation) }
  }

  public func save(_ step: StepResult, for key: TaskKey, token: Int64) async throws(EngineError) -> Bool {
    commit { model, _ in model.save(step, for: key, token: token) }
  }
}

extension MemoryStore: PermitStore, RevocationStore {
  public func acquire(_ requests: [PermitRequest]) async throws(EngineError) -> [PermitAnswer] {
    commit { $0.acquire(requests, at: $1) }
  }

  public func release(_ holders: [PermitHolder]) async throws(EngineError) {
    commit { model, _ in model.release(holders) }
  }

  public func revoke(_ revocations: [Revocation], for duration: Duration) async throws(EngineError) {
    commit { $0.revoke(revocations, for: duration, at: $1) }
  }

  public func revoked(among candidates: [Revocation], tenant: Tenant) async throws(EngineError) -> Set<Revocation> {
    read { $0.revoked(among: candidates, tenant: tenant, at: $1) }
  }
}

extension MemoryStore: LeadershipStore, WorkerPresence {
  public func lead(_ name: String, holder: String, for duration: Duration) async throws(EngineError) -> Leadership? {
    commit { $0.lead(name, holder: holder, for: duration, at: $1) }
  }

  public func resign(_ name: String, holder: String) async throws(EngineError) {
    commit { model, _ in model.resign(name, holder: holder) }
  }

  public func announce(_ worker: WorkerInfo, for duration: Duration) async throws(EngineError) {
    commit { $0.announce(worker, for: duration, at: $1) }
  }

  public func withdraw(_ name: String) async throws(EngineError) {
    commit { model, _ in model.withdraw(name) }
  }

  public func workers() async throws(EngineError) -> [WorkerInfo] {
    read { model, moment in model.workers(at: moment) }
  }
}

extension MemoryStore: WorkerOrders {
  public func order(_ order: WorkerOrder, worker name: String) async throws(EngineError) -> Bool {
    try commit { model, moment in
      Result { () throws(EngineError) in try model.order(order, worker: name, at: moment) }
    }.get()
  }

  public func nextOrders(
    worker: String, incarnation: String, after number: Int64, wait: Duration
  ) async throws(EngineError) -> [NumberedOrder] {
    let deadline = time.uptime + wait
    while true {
      let rings = orderBell.rings
      let orders = commit { model, _ in model.nextOrders(worker: worker, incarnation: incarnation, after: number) }
      if !orders.isEmpty || time.uptime >= deadline || Task.isCancelled { return orders }
      await orderBell.wait(beyond: rings, until: deadline, on: time)
    }
  }
}

extension MemoryStore: DocumentStore, BlobStore {
  public func documents(_ keys: [DocumentKey]) async throws(EngineError) -> [Document?] {
    read { model, _ in model.documents(keys) }
  }

  public func write(_ writes: [DocumentWrite]) async throws(EngineError) -> DocumentWriteResult {
    commit { $0.write(writes, at: $1) }
  }

  public func documents(
    in collection: String, of tenant: Tenant, prefix: String, after name: String?, limit: Int
  ) async throws(EngineError) -> [Document] {
    read { model, _ in model.documents(in: collection, of: tenant, prefix: prefix, after: name, limit: limit) }
  }

  public func put(_ blob: Blob, at key: DocumentKey) async throws(EngineError) {
    commit { model, _ in model.put(blob, at: key) }
  }

  public func blob(_ key: DocumentKey) async throws(EngineError) -> Blob? {
    read { model, _ in model.blob(key) }
  }

  public func deleteBlob(_ key: DocumentKey) async throws(EngineError) -> Bool {
    commit { model, _ in model.deleteBlob(key) }
  }
}

extension MemoryStore: CacheStore, CacheStatistics {
  public func cached(_ key: CacheKey, counting: Bool) async throws(EngineError) -> Blob? {
    try attempt { model, moment throws(EngineError) in try model.cached(key, counting: counting, at: moment) }
  }

  public func cache(
    _ blob: Blob, at key: CacheKey, for lifetime: Duration, bound: Int
  ) async throws(EngineError) {
    try attempt { model, moment throws(EngineError) in
      try model.cache(blob, at: key, for: lifetime, bound: bound, at: moment)
    }
  }

  public func uncache(_ key: CacheKey) async throws(EngineError) -> Bool {
    try attempt { model, moment throws(EngineError) in try model.uncache(key, at: moment) }
  }

  public func cacheFigures(of cache: String) async throws(EngineError) -> CacheFigures {
    try attempt { model, moment throws(EngineError) in try model.cacheFigures(of: cache, at: moment) }
  }

  public func caches() async throws(EngineError) -> [String: CacheFigures] {
    commit { $0.cacheFigures(at: $1) }
  }

  private func attempt<Answer: Sendable>(
    _ verb: (inout StoreModel, Moment) throws(EngineError) -> Answer
  ) throws(EngineError) -> Answer {
    try commit { model, moment in
      Result { () throws(EngineError) in try verb(&model, moment) }
    }.get()
  }
}
