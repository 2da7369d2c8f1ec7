public import CelerityCore
import GRDB
import Synchronization

extension SQLiteStore: RevocationStore {
  public func revoke(_ revocations: [Revocation], for duration: Duration) async throws(EngineError) {
    guard !revocations.isEmpty else { return }
    try await commits.write { transaction in
      let until = transaction.storeTime + duration
      for revocation in revocations {
        try transaction.db.seal(
          "INSERT OR REPLACE INTO revocation (what, until, seal) VALUES (?, ?, ?)",
          [.text(revocation.storedName), .integer(until.microseconds)])
      }
      transaction.state.hasRevocations = true
    }
  }

  public func revoked(
    among candidates: [Revocation], tenant: Tenant
  ) async throws(EngineError) -> Set<Revocation> {
    // Asked before every run: without any revocation there is nothing to look for.
    guard !candidates.isEmpty, memory.state.withLock({ $0.hasRevocations }) else { return [] }
    let now = memory.clock.now
    return try await read { db in
      var found: Set<Revocation> = []
      for candidate in candidates where candidate.tenant == tenant {
        let until = try db.first(
          "SELECT what, until, seal FROM revocation WHERE what = ?", [.text(candidate.storedName)]
        ) { row in
          try row.checkSeal(3)
          return row.integer(1)
        }
        if let until, until > now.microseconds { found.insert(candidate) }
      }
      return found
    }
  }
}

extension SQLiteStore: LeadershipStore {
  public func lead(
    _ name: String, holder: String, for duration: Duration
  ) async throws(EngineError) -> Leadership? {
    try await commits.write { transaction in
      let found = try transaction.leader(name)
      let isHeld = found.map { $0.until > transaction.storeTime } ?? false
      if let found, isHeld, found.holder != holder { return nil }
      let fence = (found?.fence ?? 0) + (isHeld ? 0 : 1)
      let until = transaction.storeTime + duration
      try transaction.lead(name, holder, fence, until: until)
      return Leadership(name: name, holder: holder, fence: fence, until: until)
    }
  }

  public func resign(_ name: String, holder: String) async throws(EngineError) {
    try await commits.write(durable: false) { transaction in
      guard let found = try transaction.leader(name), found.holder == holder else { return }
      try transaction.lead(name, holder, found.fence, until: StoreTime(microseconds: .min))
    }
  }
}

extension WriteTransaction {
  fileprivate func leader(_ name: String) throws -> Leadership? {
    try db.first("SELECT name, holder, fence, until, seal FROM leader WHERE name = ?", [.text(name)], Self.readLeader)
  }

  fileprivate func lead(_ name: String, _ holder: String, _ fence: Int64, until: StoreTime) throws {
    try db.seal(
      "INSERT OR REPLACE INTO leader (name, holder, fence, until, seal) VALUES (?, ?, ?, ?, ?)",
      [.text(name), .text(holder), .integer(fence), .integer(until.microseconds)])
  }

  /// Ends all terms; their numbers stay.
  func deposeLeaders() throws {
    for term in try db.rows("SELECT name, holder, fence, until, seal FROM leader", [], Self.readLeader) {
      try lead(term.name, term.holder, term.fence, until: StoreTime(microseconds: .min))
    }
  }

  private static func readLeader(_ row: Columns) throws -> Leadership {
    try row.checkSeal(5)
    return Leadership(
      name: row.text(0), holder: row.text(1), fence: row.integer(2), until: StoreTime(microseconds: row.integer(3)))
  }
}

extension SQLiteStore: WorkerPresence {
  // In memory alone: whoever is announced is gone when the process is that owns the file.
  public func announce(_ worker: WorkerInfo, for duration: Duration) async throws(EngineError) {
    try commits.checkOpen()
    let now = memory.clock.now
    memory.presence.withLock { $0.announce(worker, until: now + duration, at: now) }
  }

  public func withdraw(_ name: String) async throws(EngineError) {
    try commits.checkOpen()
    memory.presence.withLock { $0.withdraw(name) }
  }

  public func workers() async throws(EngineError) -> [WorkerInfo] {
    try commits.checkOpen()
    let now = memory.clock.now
    return memory.presence.withLock { $0.workers(at: now) }
  }
}

extension SQLiteStore: WorkerOrders {
  public func order(_ order: WorkerOrder, worker name: String) async throws(EngineError) -> Bool {
    try commits.checkOpen()
    let now = memory.clock.now
    let isGiven = try memory.presence.withLock { (presence) throws(EngineError) in
      try presence.orders.add(order, to: name, among: presence.workers(at: now))
    }
    if isGiven { memory.orderBells.ring() }
    return isGiven
  }

  public func nextOrders(
    worker: String, incarnation: String, after number: Int64, wait: Duration
  ) async throws(EngineError) -> [NumberedOrder] {
    let deadline = memory.time.uptime + wait
    return try await memory.orderBells.wait(until: deadline) { () async throws(EngineError) in
      try commits.checkOpen()
      let orders = memory.presence.withLock { presence in
        presence.orders.next(worker: worker, incarnation: incarnation, after: number)
      }
      return (orders, !orders.isEmpty, nil)
    }
  }
}
