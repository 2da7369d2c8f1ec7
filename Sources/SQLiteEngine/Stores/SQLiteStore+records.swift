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
    let search = search(query)
    return try await read { try search.page($0) }
  }

  public func count(_ wanted: RecordQuery) async throws(EngineError) -> RecordCount {
    guard let query = wanted.narrowed else { return RecordCount(total: 0, isExact: true) }
    let search = search(query)
    return try await read { try search.count($0) }
  }

  public func tally(_ query: RecordQuery) async throws(EngineError) -> [RecordTally] {
    var query = query
    query.filter = nil
    query.cursor = nil
    let search = search(query)
    return try await read { db in
      try db.rows(
        "SELECT state, priority, count(*) FROM \(search.source) GROUP BY state, priority", search.values
      ) { row in
        let priority = row.isNull(1) ? nil : Priority(row.int(1))
        return RecordTally(try TaskState(stored: row.integer(0)), priority, count: row.int(2))
      }
    }
  }

  private func search(_ query: RecordQuery) -> RecordSearch {
    let waiting = memory.state.withLock { $0.ledger.waiting(query.tenant, query.queue) }
    return RecordSearch(query, waiting: waiting)
  }
}

extension SQLiteStore: ChangeFeed {
  public func changes(
    after seq: ChangeNumber, tenant: Tenant?, limit: Int
  ) async throws(EngineError) -> ChangePage {
    let limit = max(1, limit)
    return try await read { db in
      var page = ChangePage(records: [], next: seq, gap: false)
      var bytes = 0
      // One row more than can be taken says whether there is more.
      try db.each(
        """
        SELECT \(RecordRow.columns) FROM task INDEXED BY task_seq WHERE seq > ? \(tenant == nil ? "" : "AND tenant = ?")
        ORDER BY seq LIMIT ?
        """,
        [.integer(seq)] + (tenant.map { [.text($0.name)] } ?? []) + [.integer(limit < .max ? limit + 1 : -1)]
      ) { row in
        if page.records.count == limit || bytes >= ChangePage.byteLimit {
          page.hasMore = true
          return false
        }
        let record = try RecordRow.read(row).record
        page.records.append(record)
        page.next = record.seq
        bytes += record.contentBytes
        return true
      }
      // From the same snapshot: a record that is gone in it must not be missing in silence.
      page.gap = try StoreRow(db).forgottenSeq > seq
      return page
    }
  }

  public func hints() -> AsyncStream<ChangeHint> { memory.hints.stream() }

  public func lastChange() async throws(EngineError) -> ChangeNumber {
    try commits.checkOpen()
    return memory.state.withLock { $0.seq }
  }
}
