import CelerityCore
import CelerityJSON
import CelerityTesting
import Testing

@testable import CelerityApp

@Suite("A worker's points", .timeLimit(.minutes(2)))
struct TaskPointsTests {
  private let sink = RecordingTelemetry()
  private let time = TestTime()

  private func delivery(_ id: String, attempt: Int = 1) throws -> Delivery {
    let message = TaskMessage(id: TaskID(stored: id), task: "demo.add", queue: "sums")
    var record = TaskRecord(accepting: message, at: time.now)
    record.attempts = attempt
    record.lease = Lease(token: 1, deadline: StoreTime(microseconds: 0))
    return try #require(Delivery(record))
  }

  @Test("Each step of a task is a point of its own, in order, even in one moment")
  func steps() throws {
    let points = TaskPoints(sink, worker: "w", time: time)
    points.observe(.received, of: try delivery("t1"))
    points.observe(.started(waited: .milliseconds(1500)), of: try delivery("t1"))
    points.observe(
      .ended(.retry(after: .seconds(1), TaskFailure(type: "ValueError", message: "bad")), ran: .seconds(2)),
      of: try delivery("t1"))
    points.observe(.started(waited: nil), of: try delivery("t1", attempt: 2))
    points.observe(.ended(.success(.null), ran: .seconds(4)), of: try delivery("t1", attempt: 2))
    let found = sink.points(of: "task_iteration")
    #expect(found.map { $0.tags["step"] } == ["received", "started", "retried", "started", "succeeded"])
    #expect(found.allSatisfy { $0.fields["task_id"] == .text("t1") && $0.tags["worker"] == "w" })
    #expect(found[1].fields["wait_seconds"] == .number(1.5))
    #expect(found[2].fields["run_seconds"] == .number(2))
    #expect(found[2].fields["error"] == .text("ValueError: bad"))
    #expect(found[4].fields["attempt"] == .integer(2))
    for (earlier, later) in zip(found, found.dropFirst()) { #expect(earlier.time < later.time) }
  }

  @Test("The worker's figures are of the time since the last ones")
  func figures() throws {
    let points = TaskPoints(sink, worker: "w", time: time)
    for id in ["a", "b"] {
      points.observe(.started(waited: .seconds(1)), of: try delivery(id))
      points.observe(.ended(.success(.null), ran: .seconds(3)), of: try delivery(id))
    }
    points.observe(.started(waited: .seconds(4)), of: try delivery("c"))
    let first = points.figures(over: .seconds(10))
    #expect(first.fields["tasks_per_second"] == .number(0.2))
    #expect(first.fields["wait_seconds_mean"] == .number(2))
    #expect(first.fields["run_seconds_mean"] == .number(3))
    #expect(first.fields["running"] == .integer(1))
    #expect(first.fields["memory_bytes"] != nil)
    let second = points.figures(over: .seconds(10))
    #expect(second.fields["tasks"] == .integer(0))
    #expect(second.fields["wait_seconds_mean"] == nil)
    #expect(second.fields["running"] == .integer(1))
  }

  @Test("Figures come every ten seconds until the end")
  func rhythm() async throws {
    let points = TaskPoints(sink, worker: "w", time: time)
    let run = Task { await points.run() }
    for count in 1...3 {
      while sink.points(of: "worker").count < count {
        await time.waitForSleepers()
        time.advance(by: TaskPoints.interval)
        await Task.yield()
      }
    }
    points.close()
    await run.value
    #expect(sink.points(of: "worker").count >= 3)
  }
}
