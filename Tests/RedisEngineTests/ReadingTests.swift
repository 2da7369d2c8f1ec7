import CelerityCore
import CelerityJSON
import CelerityTesting
import RedisEngine
import Testing

@Suite("Reading many records in parts", .sharedRedis)
struct ReadingTests {
  /// Tasks whose records together are more than one script reads: by bytes, then by number.
  private func fill(_ store: any Store, _ count: Int, bytes: Int) async throws -> [String] {
    let ids = (0..<count).map { "t\($0)" }
    let args = RawJSON.array([.string(String(repeating: "x", count: bytes))])
    for start in stride(from: 0, to: count, by: 100) {
      let some = ids[start..<min(count, start + 100)]
      _ = try await store.submit(
        some.enumerated().map { index, id in
          var message = TaskMessage(id: TaskID(stored: id), task: "work", args: args)
          message.queue = (start + index) % 7 == 0 ? "rare" : "default"
          return Submission(message)
        })
    }
    return ids
  }

  @Test("Lists, counts, look-ups and changes are whole", arguments: [(30, 100_000), (1300, 10)])
  func whole(_ count: Int, _ bytes: Int) async throws {
    let stand = Stand()
    let store = try await stand.open(TestTime())
    let ids = try await fill(store, count, bytes: bytes)
    let list = try await store.list(RecordQuery(limit: .max))
    #expect(list.records.map(\.message.id.text) == ids.reversed())
    #expect(list.next == nil)
    let rare = ids.indices.filter { $0 % 7 == 0 }.map { ids[$0] }
    #expect(
      try await store.list(RecordQuery(queue: "rare", limit: 5)).records.map(\.message.id.text)
        == rare.suffix(5).reversed())
    #expect(try await store.count(RecordQuery(queue: "rare")).total == rare.count)
    #expect(try await store.tally(RecordQuery()).map(\.count) == [count])
    #expect(try await store.list(RecordQuery(limit: 2, skip: count - 1)).records.map(\.message.id.text) == ["t0"])
    let lookups = try await store.records(ids.map { TaskKey(TaskID(stored: $0)) })
    #expect(lookups.compactMap(\.record).map(\.message.id.text) == ids)
    let page = try await store.changes(after: 0, tenant: nil, limit: .max)
    #expect(page.records.map(\.message.id.text) == ids && !page.hasMore)
    #expect(try await store.changes(after: 0, tenant: .default, limit: count).hasMore == false)
    #expect(try await store.changes(after: 0, tenant: .default, limit: count - 1).hasMore)
    await stand.close()
  }
}
