import CelerityCore

/// How many tasks stand where, kept beside the table so that nobody has to count a million rows.
struct QueueLedger: Sendable {
  struct Counts: Sendable, Hashable {
    var delayed = 0
    var ready = 0
    var leased = 0

    var isEmpty: Bool { delayed == 0 && ready == 0 && leased == 0 }
  }

  private(set) var queues: [QueueKey: Counts] = [:]
  private(set) var paused: Set<QueueKey> = []
  /// Tenants with ready tasks by queue name, because a worker names queues without tenants.
  private(set) var tenants: [String: Set<Tenant>] = [:]

  mutating func move(_ key: QueueKey, from: TaskPhase?, to: TaskPhase?, by count: Int = 1) {
    var counts = queues[key] ?? Counts()
    if let from { add(from, -count, to: &counts) }
    if let to { add(to, count, to: &counts) }
    queues[key] = counts.isEmpty ? nil : counts
    if counts.ready > 0 {
      tenants[key.name, default: []].insert(key.tenant)
    } else if tenants[key.name] != nil {
      tenants[key.name]?.remove(key.tenant)
      if tenants[key.name]?.isEmpty == true { tenants[key.name] = nil }
    }
  }

  mutating func setPaused(_ key: QueueKey, _ isPaused: Bool) {
    if isPaused { paused.insert(key) } else { paused.remove(key) }
  }

  /// The queues of these names that have something to give.
  func fetchable(_ names: [String]) -> [QueueKey] {
    Set(names).flatMap { name in (tenants[name] ?? []).map { QueueKey(name, tenant: $0) } }.filter {
      !paused.contains($0)
    }
  }

  private func add(_ phase: TaskPhase, _ count: Int, to counts: inout Counts) {
    switch phase {
    case .delayed: counts.delayed += count
    case .ready: counts.ready += count
    case .leased: counts.leased += count
    case .finished: break
    }
  }
}
