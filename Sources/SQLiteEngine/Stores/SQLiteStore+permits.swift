public import CelerityCore

extension SQLiteStore: PermitStore {
  public func acquire(_ requests: [PermitRequest]) async throws(EngineError) -> [PermitAnswer] {
    guard !requests.isEmpty else { return [] }
    return try await commits.write(durable: false) { transaction in
      try requests.map { try transaction.acquire($0) }
    }
  }

  public func release(_ holders: [PermitHolder]) async throws(EngineError) {
    guard !holders.isEmpty else { return }
    try await commits.write(durable: false) { transaction in
      for holder in holders { transaction.state.permits.release(holder) }
    }
  }
}

extension WriteTransaction {
  fileprivate func acquire(_ request: PermitRequest) throws -> PermitAnswer {
    guard let first = request.permits.first else { return .granted }
    guard try holdsLease(request.holder) else { return .denied(by: first.name, retryAfter: nil) }
    for permit in request.permits {
      if let denial = try denial(of: permit, to: request.holder) { return denial }
    }
    for permit in request.permits { try take(permit, for: request.holder) }
    return .granted
  }

  private func holdsLease(_ holder: PermitHolder) throws -> Bool {
    try db.first(
      "SELECT 1 FROM task WHERE tenant = ? AND id = ? AND phase = 2 AND token = ?",
      [.text(holder.key.tenant.name), .text(holder.key.id.text), .integer(holder.token)]
    ) { _ in true } ?? false
  }

  private func denial(of permit: Permit, to holder: PermitHolder) throws -> PermitAnswer? {
    guard case .rate(let limit, let length) = permit.limit else {
      return state.permits.admits(permit, holder) ? nil : .denied(by: permit.name, retryAfter: nil)
    }
    let delay = try window(permit.name).delay(at: storeTime, limit: limit, per: length)
    return delay == .zero ? nil : .denied(by: permit.name, retryAfter: delay)
  }

  private func take(_ permit: Permit, for holder: PermitHolder) throws {
    switch permit.limit {
    case .concurrency: state.permits.hold(permit.name, holder, scope: nil)
    case .fairShare(_, let scope): state.permits.hold(permit.name, holder, scope: scope)
    case .rate(_, let length):
      var window = try window(permit.name)
      window.use(at: storeTime, per: length)
      try db.seal(
        "INSERT OR REPLACE INTO rate (name, window, current, previous, seal) VALUES (?, ?, ?, ?, ?)",
        [.text(permit.name), .integer(window.index), .integer(window.current), .integer(window.previous)])
    }
  }

  private func window(_ name: String) throws -> RateWindow {
    try db.first("SELECT name, window, current, previous, seal FROM rate WHERE name = ?", [.text(name)]) { row in
      try row.checkSeal(5)
      return RateWindow(index: row.integer(1), current: row.int(2), previous: row.int(3))
    } ?? RateWindow()
  }
}
