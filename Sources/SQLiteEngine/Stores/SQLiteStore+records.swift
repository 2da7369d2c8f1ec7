public import CelerityCore
import GRDB
import Synchronization

extension SQLiteStore: RecordReader {
  public func records(_ keys: [TaskKey]) async throws(EngineError) -> [RecordLookup] {
    let now = memory.clock.now
    return try await read { db in
      try keys.map { key in
        let values: [SQLValue] = [.text(key.tenant.name), .text(key.id.text)]
        if let task = try db.first(
          "SELECT \(RecordRow.columns) FROM task WHERE tenant = ? AND id = ?", values, RecordRow.read)
        {
          return .found(task.record)
        }
        let until = try db.first("SELECT tenant, id, until, seal FROM tombstone WHERE tenant = ? AND id = ?", values) {
          try $0.checkSeal(4)
          return $0.integer(2)
        }
        return until.map { $0 > now.microseconds ? .expired : .unknown } ?? .unknown
      }
    }
  }

  public func list(_ wanted: RecordQuery) async throws(EngineError) -> RecordPage {
    guard let query = wanted.narrowed else { return RecordPage(records: [], next: nil) }
    let (condition, values) = Self.condition(query)
    let index = Self.index(query)
    let limit = max(1, query.limit)
    // One row more than can be taken says whether there is another page.
    let bound = query.filter == nil && limit < .max ? limit + 1 : -1
    // Without a filter SQLite passes over what is skipped, reading no more than the conditions need.
    let offset = query.filter == nil ? max(0, query.skip) : 0
    return try await read { db in
      var page = RecordPage(records: [], next: nil)
      var last: Int64 = 0
      var skipped = offset
      let order = "ORDER BY position DESC LIMIT ? OFFSET ?"
      try db.each(
        "SELECT \(RecordRow.columns) FROM task INDEXED BY \(index) WHERE \(condition) \(order)",
        values + [.integer(bound), .integer(offset)]
      ) { row in
        if page.records.count == limit || page.scanned == query.longestScan {
          page.next = RecordCursor(position: last)
          return false
        }
        let task = try RecordRow.read(row)
        page.scanned += 1
        last = task.position
        guard query.filter?.matches(task.record) ?? true else { return true }
        if skipped < query.skip { skipped += 1 } else { page.records.append(task.record) }
        return true
      }
      return page
    }
  }

  public func count(_ wanted: RecordQuery) async throws(EngineError) -> RecordCount {
    guard let query = wanted.narrowed else { return RecordCount(total: 0, isExact: true) }
    let (condition, values) = Self.condition(query)
    let index = Self.index(query)
    return try await read { db in
      guard let filter = query.filter else {
        let total = try db.first("SELECT count(*) FROM task INDEXED BY \(index) WHERE \(condition)", values) {
          $0.int(0)
        }
        return RecordCount(total: total ?? 0, isExact: true)
      }
      var count = RecordCount(total: 0, isExact: true)
      var scanned = 0
      try db.each(
        "SELECT \(RecordRow.columns) FROM task INDEXED BY \(index) WHERE \(condition) ORDER BY position DESC", values
      ) { row in
        if scanned == query.longestScan {
          count.isExact = false
          return false
        }
        scanned += 1
        if filter.matches(try RecordRow.read(row).record) { count.total += 1 }
        return true
      }
      return count
    }
  }

  public func tally(_ query: RecordQuery) async throws(EngineError) -> [RecordTally] {
    var query = query
    query.cursor = nil
    let (condition, values) = Self.condition(query)
    // What waits is few among millions, and stands in two indexes of its own.
    let isWaiting = !query.states.isEmpty && query.states.isSubset(of: Self.waiting)
    let ways =
      isWaiting
      ? [("task_ready", "phase = 1 AND " + condition), ("task_delayed", "phase = 0 AND " + condition)]
      : [(Self.index(query), condition)]
    return try await read { db in
      var counts: [RecordTally: Int] = [:]
      for (index, condition) in ways {
        try db.each(
          "SELECT state, priority, count(*) FROM task INDEXED BY \(index) WHERE \(condition) GROUP BY state, priority",
          values
        ) { row in
          let priority = row.isNull(1) ? nil : Priority(row.int(1))
          counts[RecordTally(try TaskState(stored: row.integer(0)), priority, count: 0), default: 0] += row.int(2)
          return true
        }
      }
      return counts.map { RecordTally($0.state, $0.priority, count: $1) }
    }
  }

  /// The shortest way to the newest: the running and the dead are few among millions.
  private static func index(_ query: RecordQuery) -> String {
    if query.id != nil { return "task_id" }
    if !query.states.isEmpty {
      if query.states.isSubset(of: running) { return "task_leased" }
      if query.states.isSubset(of: dead) { return "task_dead" }
    }
    return query.isDeadLetter == true ? "task_dead" : "task_tenant"
  }

  /// The states of a lease, and of nothing else.
  private static let running: Set<TaskState> = [.received, .started, .progress]
  private static let dead: Set<TaskState> = [.failure, .revoked]
  private static let waiting: Set<TaskState> = [.pending, .retry]

  private static func condition(_ query: RecordQuery) -> (String, [SQLValue]) {
    var conditions = ["tenant = ?"]
    var values: [SQLValue] = [.text(query.tenant.name)]
    if !query.states.isEmpty {
      let states = query.states.map(\.stored).sorted().map(String.init).joined(separator: ", ")
      conditions.append("state IN (\(states))")
      if query.states.isSubset(of: running) { conditions.append("phase = 2") }
      if query.states.isSubset(of: dead) { conditions.append("phase = 3 AND state > 5") }
    }
    if let id = query.id {
      conditions.append("id = ?")
      values.append(.text(id.text))
    }
    if !query.tasks.isEmpty {
      conditions.append("task IN (\(query.tasks.map { _ in "?" }.joined(separator: ", ")))")
      values += query.tasks.sorted().map { .text($0) }
    }
    if let priorities = query.priorities {
      conditions.append("coalesce(priority, \(Priority.normal)) BETWEEN ? AND ?")
      values += [.integer(priorities.lowerBound.value), .integer(priorities.upperBound.value)]
    }
    if let queue = query.queue {
      conditions.append("queue = ?")
      values.append(.text(queue))
    }
    let dead = "phase = 3 AND state > 5 AND (state = 6 OR reason = '\(RevocationReason.expired.rawValue)')"
    if let isDead = query.isDeadLetter { conditions.append(isDead ? dead : "NOT (\(dead))") }
    if let cursor = query.cursor {
      conditions.append("position < ?")
      values.append(.integer(cursor.position))
    }
    return (conditions.joined(separator: " AND "), values)
  }
}

extension SQLiteStore: ChangeFeed {
  public func changes(
    after seq: ChangeNumber, tenant: Tenant?, limit: Int
  ) async throws(EngineError) -> ChangePage {
    try await read { db in
      let tasks = try db.rows(
        "SELECT \(RecordRow.columns) FROM task INDEXED BY task_seq WHERE seq > ? \(tenant == nil ? "" : "AND tenant = ?") ORDER BY seq LIMIT ?",
        [.integer(seq)] + (tenant.map { [.text($0.name)] } ?? []) + [.integer(max(1, limit))], RecordRow.read)
      // From the same snapshot: a record that is gone in it must not be missing in silence.
      let forgotten = try StoreRow(db).forgottenSeq
      return ChangePage(records: tasks.map(\.record), next: tasks.last?.record.seq ?? seq, gap: forgotten > seq)
    }
  }

  public func hints() -> AsyncStream<ChangeHint> { memory.hints.stream() }

  public func lastChange() async throws(EngineError) -> ChangeNumber {
    try commits.checkOpen()
    return memory.state.withLock { $0.seq }
  }
}
