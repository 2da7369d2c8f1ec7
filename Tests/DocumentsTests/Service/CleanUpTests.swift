import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

@Suite struct CleanUpTests {
  private func clean(_ platform: DocumentsPlatform) async throws -> RawJSON {
    let id = try await platform.environment.tasks.submit(CleanUp.self, .init())
    #expect(try await platform.workOne("default") == .success)
    return try #require(try await platform.record(id)?.result)
  }

  @Test("S1.44: the hourly task removes documents whose time is over, keeps the others, and counts")
  func counts() async throws {
    let platform = DocumentsPlatform()
    let old = try await platform.order(order(name: "Old"))
    try await platform.workOne("latex_generation")
    platform.time.advance(by: .seconds(3000))
    let new = try await platform.order(order(name: "New"))
    try await platform.workOne("latex_generation")
    #expect(try await clean(platform)["deleted"] == .integer(0))
    platform.time.advance(by: .seconds(1000))
    let size = try await platform.store.blob(DocumentKey(ResultShelf.files, old))?.bytes.count
    let counts = try await clean(platform)
    #expect(counts["scanned"] == .integer(2))
    #expect(counts["deleted"] == .integer(1))
    #expect(counts["kept"] == .integer(1))
    #expect(counts["freed_bytes"]?.int64Value == size.map { Int64($0) })
    #expect(try await platform.store.blob(DocumentKey(ResultShelf.files, old)) == nil)
    #expect(try await platform.call("GET", "/jobs/\(old)/download").status == 410)
    #expect(try await platform.call("GET", "/jobs/\(new)/download").status == 200)
    #expect(try await clean(platform)["scanned"] == .integer(1))
  }

  @Test("S1.44: a document that is gone before its time is 410, not a lie")
  func gone() async throws {
    let platform = DocumentsPlatform()
    let id = try await platform.order(order())
    try await platform.workOne("latex_generation")
    _ = try await platform.store.deleteBlob(DocumentKey(ResultShelf.files, id))
    #expect(try await platform.call("GET", "/jobs/\(id)/download").status == 410)
  }

  @Test("S1.44: more results than fit on a page are all looked at")
  func pages() async throws {
    let platform = DocumentsPlatform()
    let shelf = ResultShelf(resources: platform.environment.resources)
    let now = platform.time.now
    for index in 0..<450 {
      let document = StoredDocument(contentType: "application/pdf", bytes: [1], pages: nil)
      let expiry = index % 3 == 0 ? now : now + .seconds(1)
      try await shelf.put(document, for: TaskKey(TaskID(stored: "job-\(index)")), until: expiry)
    }
    let clearing = try await shelf.clear(at: now)
    #expect(clearing == ResultShelf.Clearing(scanned: 450, deleted: 150, kept: 300, freedBytes: 150))
  }

  @Test("C1.20: it is scheduled every hour, in a queue that every worker serves")
  func schedule() {
    let entries = DocumentsPlatform().service.schedules
    #expect(entries.map(\.task) == [CleanUp.name])
    #expect(entries.first?.schedule == .interval(seconds: 3600))
    #expect(entries.first?.queue == "default")
  }
}
