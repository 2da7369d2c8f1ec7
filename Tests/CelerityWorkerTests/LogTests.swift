import CelerityCore
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Logging
import Testing

@Suite("What a worker logs of tasks", .timeLimit(.minutes(1)))
struct LogTests {
  let bench = Bench()
  private let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

  private func submit(traceparent: String? = nil) async throws {
    try await bench.submit { message in
      message.extras.requestID = "req-1"
      message.extras.traceparent = traceparent ?? "00-\(trace)-00f067aa0ba902b7-01"
    }
  }

  @Test("Each line about a task names the task, the request and the trace")
  func identified() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in throw Broken() }])
    try await submit()
    try await bench.run(worker) { try await bench.ended() }
    let line = try #require(bench.log.lines.first { $0.contains("task failed") })
    #expect(
      line == "warning task failed attempt=1 error=Broken: it broke ms=0.0 request_id=req-1 task=scripted task_id=t1 "
        + "trace_id=\(trace)")
  }

  @Test("An attempt that succeeds has one line, and none for who wants the level notice", arguments: [true, false])
  func succeeded(isWanted: Bool) async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 1 }], logLevel: isWanted ? .info : .notice)
    try await submit()
    try await bench.run(worker) { try await bench.ended() }
    let ids = "attempt=1 ms=0.0 request_id=req-1 task=scripted task_id=t1 trace_id=\(trace)"
    #expect(bench.log.lines.filter { $0 == "info task succeeded \(ids)" }.count == (isWanted ? 1 : 0))
  }

  @Test(
    "A trace context that is none is left out",
    arguments: [
      "", "x", "00-xyz-1-01", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00--00f067aa0ba902b7-01",
    ])
  func badTrace(traceparent: String) async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in throw Broken() }])
    try await submit(traceparent: traceparent)
    try await bench.run(worker) { try await bench.ended() }
    #expect(bench.log.count(of: "task_id=t1") == 1)
    #expect(bench.log.count(of: "trace_id") == 0)
  }

  @Test("What code logs is seen among the process's lines by who debugs it, under the task's ids")
  func ownLines() async throws {
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        context.log("one")
        context.log("two", level: "warning")
        context.log(String(repeating: "é", count: 10_000))
        return 0
      }
    ])
    try await submit()
    try await bench.run(worker) { try await bench.ended() }
    let ids = "attempt=1 request_id=req-1 task=scripted task_id=t1 trace_id=\(trace)"
    #expect(bench.log.lines.contains("info one \(ids)"))
    #expect(bench.log.lines.contains("warning two \(ids)"))
    let longest = bench.log.lines.map(\.utf8.count).max() ?? 0
    #expect(longest < 8192 + 200)
    let kept = try await bench.memory.logs(of: TaskKey(TaskID(stored: "t1")), after: 0, limit: 10)
    #expect(kept.prefix(2).map(\.text) == ["one", "two"])
  }

  @Test("At other levels what code logs stays with its task")
  func quiet() async throws {
    let worker = try bench.worker(
      [
        Scripted<Plain> { _, context in
          context.log("one", level: "error")
          return 0
        }
      ], logLevel: .info)
    try await submit()
    try await bench.run(worker) { try await bench.ended() }
    #expect(bench.log.count(of: "one") == 0)
  }
}
