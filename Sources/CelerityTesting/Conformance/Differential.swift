public import CelerityCore
import CelerityJSON

/// Drives the same random verbs into a store in memory and into another one, side by side on equal clocks, and compares
/// everything that can be seen: answers, changed records, queues, lists, counters. Numbers a store is free to choose
/// (change numbers, tokens, ranks, its own time) are left out.
///
/// - Parameters:
///   - seed: decides the verbs; a failure names it.
///   - steps: how many verbs.
///   - makeStore: makes the other store, empty, with the default policies.
public func differential(
  seed: UInt64, steps: Int, against makeStore: @Sendable (TestTime) async throws -> any Store
) async throws {
  let time = TestTime()
  try await compare(seed: seed, steps: steps, with: try await makeStore(time), on: time)
}

/// Compares a store that was made on a clock nobody has moved yet.
func compare(
  seed: UInt64, steps: Int, with store: any Store, on time: TestTime, order: ClaimOrder = .ranks(PriorityRank())
) async throws {
  let own = TestTime()
  var run = Differential(seed: seed, times: [own, time], stores: [MemoryStore(time: own, order: order), store])
  for step in 0..<steps { try await run.step(step) }
}

/// One comparison under way.
struct Differential {
  /// Two deliveries of the same attempt, one from each store.
  struct Pair: Sendable {
    var deliveries: [Delivery]
    var key: TaskKey { deliveries[0].key }
  }

  let seed: UInt64
  let times: [TestTime]
  let stores: [any Store]
  var random: SeededRandom
  var cacheRandom: SeededRandom
  var running: [Pair] = []
  var seqs: [ChangeNumber] = [0, 0]
  var number = 0
  var verb = ""

  init(seed: UInt64, times: [TestTime], stores: [any Store]) {
    self.seed = seed
    self.times = times
    self.stores = stores
    random = SeededRandom(seed: seed)
    cacheRandom = SeededRandom(seed: ~seed)
  }

  var now: Timestamp { times[0].now }

  /// One verb, and a look at what it changed.
  mutating func step(_ number: Int) async throws {
    self.number = number
    let passed = Duration.milliseconds(1 + random.below(random.oneIn(10) ? 30_000 : 2000))
    for time in times { time.advance(by: passed) }
    if random.oneIn(60) {
      let jump = Duration.seconds(random.below(400) - 200)
      for time in times { time.jump(by: jump) }
    }
    try await act()
    try await compareChanges()
    if number % 20 == 19 { try await compareAll() }
  }

  /// Asks both stores and compares what of their answers must be equal.
  @discardableResult
  func both<Answer, Seen: Equatable>(
    _ ask: (any Store, Int) async throws -> Answer, seeing see: (Answer) -> Seen
  ) async throws -> [Answer] {
    let answers = [try await ask(stores[0], 0), try await ask(stores[1], 1)]
    let seen = answers.map(see)
    guard seen[0] == seen[1] else {
      throw ConformanceFailure("seed \(seed), step \(number), \(verb): in memory \(seen[0]), in the store \(seen[1])")
    }
    return answers
  }

  @discardableResult
  func both<Answer: Equatable>(_ ask: (any Store, Int) async throws -> Answer) async throws -> [Answer] {
    try await both(ask) { $0 }
  }

  // MARK: Comparing what is stored

  private mutating func compareChanges() async throws {
    let seqs = seqs
    let pages = try await both { store, side in
      try await store.changes(after: seqs[side], tenant: nil, limit: 100_000)
    } seeing: { page in
      Dictionary(page.records.map { ($0.key, Self.comparable($0)) }) { first, _ in first }
    }
    for (side, page) in pages.enumerated() {
      let numbers = page.records.map(\.seq)
      guard numbers == numbers.sorted(), Set(numbers).count == numbers.count else {
        throw ConformanceFailure("seed \(seed), step \(number): change numbers \(numbers) of store \(side)")
      }
      self.seqs[side] = page.next
    }
  }

  private func compareAll() async throws {
    try await both { store, _ in try await store.counters() }
    for tenant in [nil, Tenant.default, .other] {
      try await both { store, _ in
        try await store.queues(of: tenant).filter { $0.depth + $0.leased > 0 || $0.isPaused }.sorted { $0.key < $1.key }
      }
    }
    let keys = Self.keys
    try await both { store, _ in
      try await store.records(keys)
    } seeing: { lookups in
      lookups.map { lookup in
        switch lookup {
        case .found(let record): RecordLookup.found(Self.comparable(record))
        case .expired, .unknown: lookup
        }
      }
    }
    for query in Self.queries {
      try await both { store, _ in try await Self.list(query, store) }
      try await both { store, _ in Set(try await store.tally(query)) }
      // Of all, because what stands among the newest at one time is a store's own.
      var all = query
      all.scanLimit = .max
      try await both { store, _ in try await store.count(all) }
    }
  }

  private static let queries = plainQueries + filters.map { RecordQuery(filter: $0, scanLimit: 9, limit: 4) }

  private static let filters = [
    "args.0:1 OR priority:>6", "state:pending,retry -queue:q1", "error:boom attempts:>1", "task:body",
    "id:t3 state:success",
    "reason:* OR worker:w1",
  ].compactMap { try? TaskFilter($0) }

  private static let plainQueries = [
    RecordQuery(limit: 7), RecordQuery(tenant: .other, limit: 7), RecordQuery(isDeadLetter: true, limit: 3),
    RecordQuery(states: [.success, .retry], limit: 5), RecordQuery(queue: "q1", limit: 5),
    RecordQuery(task: "body", isDeadLetter: false, limit: 2), RecordQuery(states: [.pending, .retry]),
    RecordQuery(priorities: .normal ... .high),
  ]

  /// What following cursors gives.
  private struct Found: Equatable {
    var records: [TaskRecord]
    var scanned: Int
  }

  /// All pages of a query; records that were accepted at one time stand by their ids.
  private static func list(_ query: RecordQuery, _ store: any Store) async throws -> Found {
    var query = query
    var records: [TaskRecord] = []
    var scanned = 0
    repeat {
      let page = try await store.list(query)
      records += page.records
      scanned += page.scanned
      query.cursor = page.next
    } while query.cursor != nil
    var sorted: [TaskRecord] = []
    for record in records.map(comparable) {
      var index = sorted.endIndex
      while index > 0, sorted[index - 1].created == record.created, record.message.id < sorted[index - 1].message.id {
        index -= 1
      }
      sorted.insert(record, at: index)
    }
    return Found(records: sorted, scanned: scanned)
  }

  /// A record without the numbers a store is free to choose.
  static func comparable(_ record: TaskRecord) -> TaskRecord {
    var record = record
    record.seq = 0
    record.rank = 0
    record.lease = record.lease.map { _ in Lease(token: 0, deadline: StoreTime(microseconds: 0)) }
    return record
  }
}
