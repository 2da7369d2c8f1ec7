public import CelerityCore
import CelerityJSON
import GRDB

extension SQLiteStore: RevocationStore {
  public func revoke(_ revocations: [Revocation], for duration: Duration) async throws(EngineError) {
    guard !revocations.isEmpty else { return }
    try await commits.write { transaction in
      let until = transaction.storeTime + duration
      for revocation in revocations {
        try transaction.db.run(
          "INSERT OR REPLACE INTO revocation (what, until) VALUES (?, ?)",
          [.text(revocation.storedName), .integer(until.microseconds)])
      }
    }
  }

  public func revoked(
    among candidates: [Revocation], tenant: Tenant
  ) async throws(EngineError) -> Set<Revocation> {
    let now = memory.clock.now
    return try await read { db in
      var found: Set<Revocation> = []
      for candidate in candidates where candidate.tenant == tenant {
        let until = try db.first("SELECT until FROM revocation WHERE what = ?", [.text(candidate.storedName)]) {
          $0.integer(0)
        }
        if let until, until > now.microseconds { found.insert(candidate) }
      }
      return found
    }
  }
}

extension Revocation {
  /// One text per revocation; the separator is a byte that no part can hold.
  fileprivate var storedName: String {
    switch self {
    case .task(let key): "task\0\(key.tenant)\0\(key.id)"
    case .stamp(let tenant, let header, let value): "stamp\0\(tenant)\0\(header)\0\(value)"
    }
  }

  fileprivate var tenant: Tenant {
    switch self {
    case .task(let key): key.tenant
    case .stamp(let tenant, _, _): tenant
    }
  }
}

extension SQLiteStore: LeadershipStore {
  public func lead(
    _ name: String, holder: String, for duration: Duration
  ) async throws(EngineError) -> Leadership? {
    try await commits.write(durable: false) { transaction in
      let found = try transaction.db.first(
        "SELECT holder, fence, until FROM leader WHERE name = ?", [.text(name)]
      ) { (holder: $0.text(0), fence: $0.integer(1), until: $0.integer(2)) }
      let isHeld = found.map { $0.until > transaction.storeTime.microseconds } ?? false
      if let found, isHeld, found.holder != holder { return nil }
      let fence = isHeld ? found?.fence ?? 1 : (found?.fence ?? 0) + 1
      let until = transaction.storeTime + duration
      try transaction.db.run(
        "INSERT OR REPLACE INTO leader (name, holder, fence, until) VALUES (?, ?, ?, ?)",
        [.text(name), .text(holder), .integer(fence), .integer(until.microseconds)])
      return Leadership(name: name, holder: holder, fence: fence, until: until)
    }
  }

  public func resign(_ name: String, holder: String) async throws(EngineError) {
    try await commits.write(durable: false) { transaction in
      _ = try transaction.db.run(
        "UPDATE leader SET until = 0 WHERE name = ? AND holder = ?", [.text(name), .text(holder)])
    }
  }
}

extension SQLiteStore: WorkerPresence {
  public func announce(_ worker: WorkerInfo, for duration: Duration) async throws(EngineError) {
    try await commits.write(durable: false) { transaction in
      _ = try transaction.db.run(
        "INSERT OR REPLACE INTO worker (name, info, until) VALUES (?, ?, ?)",
        [
          .text(worker.name), .blob(try RawJSONEncoder().encode(worker).bytes),
          .integer((transaction.storeTime + duration).microseconds),
        ])
    }
  }

  public func withdraw(_ name: String) async throws(EngineError) {
    try await commits.write(durable: false) { transaction in
      _ = try transaction.db.run("DELETE FROM worker WHERE name = ?", [.text(name)])
    }
  }

  public func workers() async throws(EngineError) -> [WorkerInfo] {
    let now = memory.clock.now
    return try await read { db in
      try db.rows("SELECT info FROM worker WHERE until > ? ORDER BY name", [.integer(now.microseconds)]) {
        try RawJSONDecoder().decode(WorkerInfo.self, from: RawJSON(unchecked: $0.blob(0)))
      }
    }
  }
}
