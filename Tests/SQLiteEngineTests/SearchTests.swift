import CelerityCore
import CelerityJSON
import CelerityTesting
import Testing

@testable import SQLiteEngine

@Suite("Searching among many")
struct SearchTests {
  struct Plan: CustomTestStringConvertible, Sendable {
    var query: RecordQuery
    var waiting = 10
    var uses: String

    var testDescription: String { uses }
  }

  private static func searching(_ text: String) -> RecordQuery {
    RecordQuery(filter: try? TaskFilter(text)).narrowed ?? RecordQuery()
  }

  static let plans = [
    Plan(query: RecordQuery(), uses: "SEARCH task USING INDEX task_tenant (tenant=?)"),
    Plan(
      query: RecordQuery(cursor: RecordCursor(position: 5)),
      uses: "SEARCH task USING INDEX task_tenant (tenant=? AND position<?)"),
    Plan(query: RecordQuery(task: "t", queue: "q"), uses: "SEARCH task USING INDEX task_tenant (tenant=?)"),
    Plan(query: RecordQuery(states: [.success]), uses: "SEARCH task USING INDEX task_tenant (tenant=?)"),
    Plan(query: RecordQuery(states: [.started, .progress]), uses: "task_leased"),
    Plan(query: RecordQuery(states: [.failure]), uses: "SEARCH task USING INDEX task_dead (tenant=?)"),
    Plan(query: RecordQuery(isDeadLetter: true), uses: "SEARCH task USING INDEX task_dead (tenant=?)"),
    Plan(
      query: RecordQuery(queue: "q", isDeadLetter: true, cursor: RecordCursor(position: 5)),
      uses: "SEARCH task USING INDEX task_dead (tenant=? AND position<?)"),
    Plan(query: searching("id:a boom"), uses: "SEARCH task USING INDEX task_id (id=? AND tenant=?)"),
    Plan(query: searching("state:failure boom"), uses: "SEARCH task USING INDEX task_dead (tenant=?)"),
    Plan(query: RecordQuery(states: [.pending]), uses: "SEARCH task USING INTEGER PRIMARY KEY (rowid=?)"),
    Plan(
      query: RecordQuery(states: [.pending], queue: "q"),
      uses: "SEARCH task USING INDEX task_ready (phase=? AND queue=? AND tenant=?)"),
    Plan(
      query: RecordQuery(states: [.pending], queue: "q"), waiting: 1_000_000,
      uses: "SEARCH task USING INDEX task_tenant (tenant=?)"),
  ]

  @Test("A list takes the index that leads to it, and the running ones alone are sorted", arguments: plans)
  func indexes(_ plan: Plan) async throws {
    let disk = try Disk()
    let stand = Stand()
    _ = try await stand.open(disk, disk.path, TestTime())
    let search = RecordSearch(plan.query, waiting: plan.waiting)
    let connection = try RawConnection(disk.path)
    let rows = try connection.rows(
      "EXPLAIN QUERY PLAN SELECT \(RecordRow.columns) FROM \(search.source) ORDER BY position DESC LIMIT 9")
    let steps = rows.map { $0[3] }
    #expect(steps.contains { $0.replacing("COVERING INDEX", with: "INDEX").contains(plan.uses) }, "\(steps)")
    let isSorted = steps.contains { $0.contains("TEMP B-TREE") }
    #expect(isSorted == (plan.uses == "task_leased"), "\(steps)")
    await stand.close()
  }

  @Test("What waits is found by either way, however much of it there is")
  func waiting() async throws {
    let time = TestTime()
    let stand = Stand()
    let store = try await stand.make(time)
    for number in 0..<30 {
      try await store.run("done\(number)")
      _ = try await store.submit([Submission("ready\(number)", queue: number % 3 == 0 ? "slow" : "default")])
      let eta = TaskMessage(id: TaskID(stored: "later\(number)"), task: "work", eta: time.now + .seconds(60))
      _ = try await store.submit([Submission(eta)])
      // The next round runs the one that is ready first.
      for delivery in try await store.fetch(.up(to: 1)) {
        _ = try await store.settle([
          Settlement(delivery, .retry(after: .seconds(5), TaskFailure(type: "E", message: "")))
        ])
      }
    }
    for query in [
      RecordQuery(states: [.pending], limit: 7), RecordQuery(states: [.retry], limit: 7),
      RecordQuery(states: [.pending, .retry], queue: "slow", limit: 4),
      RecordQuery(tenant: Tenant(stored: "none"), states: [.pending]),
      RecordQuery(states: [.pending], limit: 7, skip: 3), RecordQuery(states: [.pending], task: "none"),
    ] {
      var pages: [[String]] = []
      for waiting in [0, 1_000_000] {
        var found: [String] = []
        var query = query
        repeat {
          let page = try await store.read { [query] in try RecordSearch(query, waiting: waiting).page($0) }
          found += page.records.map(\.message.id.text)
          query.cursor = page.next
        } while query.cursor != nil
        pages.append(found)
      }
      #expect(pages[0] == pages[1])
      let counts = try await [0, 1_000_000].asyncMap { waiting in
        try await store.read { try RecordSearch(query, waiting: waiting).count($0).total }
      }
      #expect(counts == [counts[0], counts[0]])
    }
    await stand.close()
  }

  @Test("A filter's page ends early where the arguments are large, and the next one goes on")
  func largeRows() async throws {
    let stand = Stand()
    let store = try await stand.make(TestTime())
    for number in 0..<12 { _ = try await store.submit([Submission("\(number)", args: Submission.payload(8 << 20))]) }
    var query = RecordQuery(filter: try TaskFilter("id:1* OR id:2"))
    // What a filter is asked about is bounded by itself, also where what it finds is not.
    query.byteLimit = .max
    let first = try await store.list(query)
    #expect(first.records.map(\.message.id.text) == ["11", "10"])
    #expect(first.scanned == 8 && first.next != nil)
    query.cursor = first.next
    let second = try await store.list(query)
    #expect(second.records.map(\.message.id.text) == ["2", "1"])
    #expect(second.scanned == 4 && second.next == nil)
    #expect(try await store.count(RecordQuery(filter: query.filter)) == RecordCount(total: 2, isExact: false))
    #expect(try await store.list(RecordQuery(limit: 20)).records.count == 1)
    await stand.close()
  }
}

extension Array {
  fileprivate func asyncMap<Value>(_ change: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await change(element)) }
    return values
  }
}
