import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Items

@Suite struct ArchiveTests {
  private let platform = TestPlatform()
  private var archive: ResultArchive { ResultArchive(documents: platform.documents, tenant: .default) }

  private func job() async throws -> String {
    let id = try await platform.call("POST", "/api/async/process", #"{"data": "a", "iterations": 2}"#)
      .body.text("task_id")
    try await platform.finishOne()
    return id
  }

  private func runCleanUp() async throws -> RawJSON {
    try await platform.run(TaskMessage(id: TaskID(stored: "c"), task: CleanUpArchive.name))
  }

  @Test("S3.21, C3.10: an hour later the archive answers, and says so; so it does when the result store has forgotten")
  func fallback() async throws {
    let id = try await job()
    let fresh = try await platform.call("GET", "/api/async/status/\(id)").body
    #expect(fresh["archived"] == .false)
    platform.time.advance(by: .seconds(3601))
    var answers = [try await platform.call("GET", "/api/async/status/\(id)")]
    let retention = Retention(success: .seconds(3600), failure: .seconds(3600), tombstone: .seconds(60))
    _ = try await platform.store.maintain(MaintenanceRequest(retention: retention))
    #expect(try await platform.store.records([TaskKey(TaskID(stored: id))])[0].record == nil)
    answers.append(try await platform.call("GET", "/api/async/status/\(id)"))
    for answer in answers {
      #expect(answer.status == 200)
      #expect(answer.body["archived"] == .true)
      for name in ["task_id", "status", "result", "error", "progress"] { #expect(answer.body[name] == fresh[name]) }
    }
  }

  @Test("S3.21: what neither has is 410 as long as it is known to have been there")
  func expired() async throws {
    let id = try await job()
    platform.time.advance(by: .seconds(8 * 86_400))
    #expect(try await runCleanUp()["deleted_count"]?.int64Value == 1)
    #expect(try await platform.call("GET", "/api/async/status/\(id)").body["archived"] == .false)
    let retention = Retention(success: .seconds(3600), failure: .seconds(3600), tombstone: .seconds(3600))
    _ = try await platform.store.maintain(MaintenanceRequest(retention: retention))
    #expect(try await platform.call("GET", "/api/async/status/\(id)").status == 410)
  }

  @Test("S3.23: the clean-up deletes what ended more than seven days ago and nothing else")
  func cleanUp() async throws {
    var ids: [String] = []
    for _ in 0..<250 {
      platform.time.advance(by: .seconds(3600))
      ids.append(try await job())
    }
    // The last one ended now; 250 − 168 of them ended more than 168 hours ago, and one exactly then.
    let result = try await runCleanUp()
    #expect(result.names == ["deleted_count", "cutoff_date"])
    #expect(result["deleted_count"]?.int64Value == 81)
    #expect(try result.text("cutoff_date") == (platform.time.now + .seconds(-7 * 86_400)).rfc3339)
    for (number, id) in ids.enumerated() {
      #expect((try await archive.row(TaskID(stored: id)) != nil) == (number >= 81))
    }
    #expect(try await runCleanUp()["deleted_count"]?.int64Value == 0)
    #expect(
      try await platform.store.documents(
        in: ResultArchive.order, of: .default, prefix: "", after: nil, limit: 1000
      ).count == 169)
  }

  @Test("A result that is kept twice stands in the archive once, at its last time")
  func twice() async throws {
    var row = ArchivedResult(taskID: "t", status: "SUCCESS", result: .true, completed: platform.time.now)
    try await archive.keep(row)
    row.completed = row.completed + .seconds(10 * 86_400)
    try await archive.keep(row)
    #expect(try await archive.row(TaskID(stored: "t")) == row)
    platform.time.advance(by: .seconds(12 * 86_400))
    #expect(try await runCleanUp()["deleted_count"]?.int64Value == 0)
    #expect(try await archive.row(TaskID(stored: "t")) == row)
  }

  @Test("A result that is kept anew while it is deleted stays")
  func race() async throws {
    let old = ArchivedResult(taskID: "t", status: "SUCCESS", completed: platform.time.now)
    try await archive.keep(old)
    platform.time.advance(by: .seconds(8 * 86_400))
    let new = ArchivedResult(taskID: "t", status: "SUCCESS", result: .true, completed: platform.time.now)
    platform.documents.afterRead { [platform] in
      try await ResultArchive(documents: platform.store, tenant: .default).keep(new)
    }
    #expect(try await runCleanUp()["deleted_count"]?.int64Value == 0)
    #expect(try await archive.row(TaskID(stored: "t")) == new)
  }

  @Test("A clean-up that is told to stop stops")
  func stopped() async throws {
    let port = TestPort()
    port.stop(.cancelled)
    await #expect(throws: CancellationError.self) {
      try await platform.run(TaskMessage(id: TaskID(stored: "c"), task: CleanUpArchive.name), port: port)
    }
  }

  @Test("S3.23: the clean-up is due at 02:00 UTC, once a night, and once for nights that were missed")
  func schedule() throws {
    let entry = try #require(ItemsService().schedules.first)
    #expect(entry.task == CleanUpArchive.name)
    #expect(entry.schedule.words == "at 02:00 every day")
    let midnight = try #require(Timestamp("2026-11-27T00:00:00Z")).wholeSeconds
    var machine = PeriodicMachine(entry.schedule, since: midnight, seen: midnight)
    #expect(machine.due(entry.schedule, at: midnight + 7199) == nil)
    #expect(machine.due(entry.schedule, at: midnight + 7200) == midnight + 7200)
    machine.fired(midnight + 7200)
    #expect(machine.due(entry.schedule, at: midnight + 7201) == nil)
    let week = midnight + 7 * 86_400
    #expect(machine.due(entry.schedule, at: week) == week - 86_400 + 7200)
    machine.fired(week - 86_400 + 7200)
    #expect(machine.due(entry.schedule, at: week) == nil)
    #expect(machine.next(entry.schedule, after: week) == week + 7200)
  }

  @Test("S3.23: two schedulers submit one task for a night")
  func once() async throws {
    let entry = try #require(ItemsService().schedules.first)
    let slot: Int64 = 1_795_312_800
    for _ in 0..<2 {
      let message = TaskMessage(
        id: ScheduleDefinition.taskID(entry.name, slot: slot), task: entry.task, queue: entry.queue)
      _ = try await platform.store.submit([Submission(message)])
    }
    #expect(try await platform.store.queues(of: nil).first?.ready == 1)
  }
}
