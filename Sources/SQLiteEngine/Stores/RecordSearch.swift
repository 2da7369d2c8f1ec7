import CelerityCore
import CelerityJSON
import GRDB

/// A query for records as SQL: on which way the store comes to them, and under which conditions.
struct RecordSearch: Sendable {
  /// Tables and conditions, from `FROM` on.
  let source: String
  let values: [SQLValue]
  private let query: RecordQuery

  /// Up to so many waiting tasks are sorted by acceptance rather than looked for among all that were ever accepted.
  private static let fewWaiting = 50_000
  /// About how many bytes of arguments and results a filter is asked about for one page: rows may be large.
  private static let largestScan = 64 << 20

  /// - Parameter waiting: how many tasks wait in the query's queue, or in all of its tenant's.
  init(_ query: RecordQuery, waiting: Int) {
    self.query = query
    var conditions = Conditions(query)
    if !query.states.isEmpty, query.states.isSubset(of: Self.waiting), query.id == nil, waiting <= Self.fewWaiting {
      source = "task NOT INDEXED WHERE " + conditions.prepend(placesOfWaiting: query)
    } else {
      source = "task INDEXED BY \(Self.index(query)) WHERE \(conditions.text)"
    }
    values = conditions.values
  }

  /// The shortest way to the newest: the running and the dead are few among millions.
  private static func index(_ query: RecordQuery) -> String {
    if query.id != nil { return "task_id" }
    if !query.states.isEmpty {
      if query.states.isSubset(of: running) { return "task_leased" }
      if query.states.isSubset(of: dead) { return "task_dead" }
    }
    // This one holds queue and task too: what does not fit costs no look into the table.
    return query.isDeadLetter == true ? "task_dead" : "task_tenant"
  }

  /// The states of a lease, and of nothing else.
  fileprivate static let running: Set<TaskState> = [.received, .started, .progress]
  fileprivate static let dead: Set<TaskState> = [.failure, .revoked]
  private static let waiting: Set<TaskState> = [.pending, .retry]

  // MARK: Reading

  /// A page, newest first.
  func page(_ db: Database) throws -> RecordPage {
    let limit = max(1, query.limit)
    var page = RecordPage(records: [], next: nil)
    var skipped = query.filter == nil ? max(0, query.skip) : 0
    var bytes = 0
    page.next = try eachRecord(db, limit: query.filter == nil ? limit : .max, skip: skipped) { record in
      if page.records.count == limit || bytes >= query.byteLimit { return false }
      page.scanned += 1
      guard query.filter?.matches(record) ?? true else { return true }
      if skipped < query.skip {
        skipped += 1
      } else {
        page.records.append(record)
        bytes += record.contentBytes
      }
      return true
    }
    return page
  }

  /// How many there are.
  func count(_ db: Database) throws -> RecordCount {
    guard let filter = query.filter else {
      let total = try db.first("SELECT count(*) FROM \(source)", values) { $0.int(0) }
      return RecordCount(total: total ?? 0, isExact: true)
    }
    var count = RecordCount(total: 0, isExact: true)
    let rest = try eachRecord(db, limit: .max, skip: 0) { record in
      if filter.matches(record) { count.total += 1 }
      return true
    }
    count.isExact = rest == nil
    return count
  }

  /// Gives records until one is not taken or enough was looked at for one page; answers where the last one given stands
  /// when there are more.
  private func eachRecord(
    _ db: Database, limit: Int, skip: Int, _ take: (TaskRecord) -> Bool
  ) throws -> CelerityCore.RecordCursor? {
    var last: Int64 = 0
    var looked = 0
    var bytes = 0
    var next: CelerityCore.RecordCursor?
    // One row more than can be taken says whether there is another page. SQLite passes over what is skipped, reading no
    // more than the conditions need.
    try db.each(
      "SELECT \(RecordRow.columns) FROM \(source) ORDER BY position DESC LIMIT ? OFFSET ?",
      values + [.integer(limit < .max ? limit + 1 : -1), .integer(skip)]
    ) { row in
      let isEnough = looked == query.longestScan || (query.filter != nil && bytes >= Self.largestScan)
      guard !isEnough, looked < limit else {
        next = CelerityCore.RecordCursor(position: last)
        return false
      }
      let task = try RecordRow.read(row)
      guard take(task.record) else {
        next = CelerityCore.RecordCursor(position: last)
        return false
      }
      last = task.position
      looked += 1
      bytes += task.record.contentBytes
      return true
    }
    return next
  }
}

/// What rows must fulfil.
private struct Conditions {
  private(set) var text: String
  private(set) var values: [SQLValue]

  init(_ query: RecordQuery) {
    var texts = ["tenant = ?"]
    values = [.text(query.tenant.name)]
    if let cursor = query.cursor {
      texts.append("position < ?")
      values.append(.integer(cursor.position))
    }
    if !query.states.isEmpty {
      let states = query.states.map(\.stored).sorted().map(String.init).joined(separator: ", ")
      texts.append("state IN (\(states))")
      if query.states.isSubset(of: RecordSearch.running) { texts.append("phase = 2") }
      if query.states.isSubset(of: RecordSearch.dead) { texts.append("phase = 3 AND state > 5") }
    }
    if let id = query.id {
      texts.append("id = ?")
      values.append(.text(id.text))
    }
    if !query.tasks.isEmpty {
      texts.append("task IN (\(query.tasks.map { _ in "?" }.joined(separator: ", ")))")
      values += query.tasks.sorted().map { .text($0) }
    }
    if let priorities = query.priorities {
      texts.append("coalesce(priority, \(Priority.normal)) BETWEEN ? AND ?")
      values += [.integer(priorities.lowerBound.value), .integer(priorities.upperBound.value)]
    }
    if let queue = query.queue {
      texts.append("queue = ?")
      values.append(.text(queue))
    }
    let dead = "phase = 3 AND state > 5 AND (state = 6 OR reason = '\(RevocationReason.expired.rawValue)')"
    if let isDead = query.isDeadLetter { texts.append(isDead ? dead : "NOT (\(dead))") }
    text = texts.joined(separator: " AND ")
  }

  /// The same conditions behind the places of all tasks that wait, by the three indexes they stand in.
  mutating func prepend(placesOfWaiting query: RecordQuery) -> String {
    let place = "tenant = ?" + (query.queue == nil ? "" : " AND queue = ?")
    let own = [.text(query.tenant.name)] + (query.queue.map { [SQLValue.text($0)] } ?? [])
    values = own + own + own + values
    return """
      position IN (SELECT position FROM task INDEXED BY task_ready WHERE phase = 1 AND \(place) \
      UNION ALL SELECT position FROM task INDEXED BY task_delayed WHERE phase = 0 AND \(place) \
      UNION ALL SELECT position FROM task INDEXED BY task_promised WHERE phase = 4 AND \(place)) AND \(text)
      """
  }
}
