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
  private(set) var tenants: [ByteText: Set<Tenant>] = [:]

  mutating func move(_ key: QueueKey, from: TaskPhase?, to: TaskPhase?, by count: Int = 1) {
    let (hadReady, counts) = Self.change(&queues[key, default: Counts()], from, to, count)
    if counts.isEmpty { queues[key] = nil }
    if hadReady == (counts.ready > 0) { return }
    let name = ByteText(key.name)
    if hadReady {
      tenants[name]?.remove(key.tenant)
      if tenants[name]?.isEmpty == true { tenants[name] = nil }
    } else {
      tenants[name, default: []].insert(key.tenant)
    }
  }

  private static func change(
    _ counts: inout Counts, _ from: TaskPhase?, _ to: TaskPhase?, _ count: Int
  ) -> (hadReady: Bool, counts: Counts) {
    let hadReady = counts.ready > 0
    if let from { add(from, -count, to: &counts) }
    if let to { add(to, count, to: &counts) }
    return (hadReady, counts)
  }

  mutating func setPaused(_ key: QueueKey, _ isPaused: Bool) {
    if isPaused { paused.insert(key) } else { paused.remove(key) }
  }

  /// How many tasks of a queue have not started.
  func depth(_ key: QueueKey) -> Int { queues[key].map { $0.delayed + $0.ready } ?? 0 }

  /// How many tasks have not started in a queue of a tenant, or in all of them.
  func waiting(_ tenant: Tenant, _ queue: String?) -> Int {
    if let queue { return depth(QueueKey(queue, tenant: tenant)) }
    return queues.reduce(0) { $1.key.tenant == tenant ? $0 + $1.value.delayed + $1.value.ready : $0 }
  }

  /// The queues of these names that have something to give, each once.
  func fetchable(_ names: [String]) -> [QueueKey] {
    var found: [QueueKey] = []
    var seen: Set<ByteText> = []
    for name in names.map(ByteText.init) where seen.insert(name).inserted {
      for tenant in tenants[name] ?? [] {
        let key = QueueKey(name.text, tenant: tenant)
        if paused.isEmpty || !paused.contains(key) { found.append(key) }
      }
    }
    return found
  }

  private static func add(_ phase: TaskPhase, _ count: Int, to counts: inout Counts) {
    switch phase {
    case .delayed: counts.delayed += count
    case .ready: counts.ready += count
    case .leased: counts.leased += count
    case .finished, .promised: break
    }
  }
}
