import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Testing

@testable import CelerityGateway

@Suite struct ExplanationTests {
  private static let now = Timestamp(seconds: 1_700_000_000)

  private static func record(_ change: (inout TaskRecord) -> Void = { _ in }) -> TaskRecord {
    var record = TaskRecord(
      accepting: TaskMessage(id: TaskID(stored: "a/b"), task: "demo.add", queue: "sums"), at: now)
    record.phase = .ready
    change(&record)
    return record
  }

  private static func around(
    paused: Bool = false, workers: [WorkerInfo] = [.named("celery@far", tasks: ["demo.add"])], position: Int? = 0
  ) -> TaskExplanation.Surroundings {
    TaskExplanation.Surroundings(
      queue: QueueStatus(QueueKey("sums"), ready: 7, isPaused: paused), workers: workers, position: position)
  }

  private static func codes(_ record: TaskRecord, _ around: TaskExplanation.Surroundings = around()) -> [String] {
    TaskExplanation(record, around, now: now).reasons.map(\.code)
  }

  @Test("A waiting task tells what keeps workers from taking it, the weightiest first")
  func waiting() {
    #expect(Self.codes(Self.record()) == ["next"])
    #expect(Self.codes(Self.record(), Self.around(position: 3)) == ["queued"])
    #expect(Self.codes(Self.record(), Self.around(paused: true)) == ["queue-paused", "next"])
    #expect(Self.codes(Self.record(), Self.around(paused: true, workers: [])) == ["queue-paused", "no-worker"])
    var quiet = WorkerInfo.named("celery@far", tasks: ["demo.add"])
    quiet.isDraining = true
    #expect(Self.codes(Self.record(), Self.around(workers: [quiet])) == ["workers-quiet", "next"])
    #expect(
      Self.codes(Self.record(), Self.around(workers: [.named("w", tasks: ["other"])])) == [
        "task-not-on-workers", "next",
      ])
    var busy = WorkerInfo.named("celery@far", tasks: ["demo.add"])
    busy.running = busy.concurrency
    #expect(Self.codes(Self.record(), Self.around(workers: [busy])) == ["workers-busy", "next"])
    #expect(Self.codes(Self.record(), Self.around(workers: [busy, quiet])) == ["workers-busy", "next"])
  }

  @Test("Without a count of places the whole queue is told")
  func longQueue() {
    let explanation = TaskExplanation(Self.record(), Self.around(position: nil), now: Self.now)
    #expect(explanation.summary == "PENDING: 7 tasks are ready in queue 'sums', this one among them.")
  }

  @Test("A task that waits for its time tells the time")
  func delayed() {
    let later = Self.record { record in
      record.phase = .delayed
      record.due = Self.now + .seconds(90)
      record.message.expires = Self.now + .seconds(600)
    }
    #expect(Self.codes(later) == ["delayed", "expires"])
    let explanation = TaskExplanation(later, Self.around(), now: Self.now)
    #expect(explanation.summary == "PENDING: it is not to start before 2023-11-14T22:14:50.000000Z, in 90 s.")
    var due = later
    due.due = Self.now
    #expect(Self.codes(due) == ["due", "expires"])
    var retry = later
    retry.state = .retry
    retry.attempts = 2
    retry.failure = TaskFailure(type: "OSError", message: "no route\nto host")
    let reason = TaskExplanation(retry, Self.around(), now: Self.now).reasons[0]
    #expect(reason.code == "retry-scheduled")
    #expect(reason.detail.hasPrefix("attempt 2 failed and is tried again at 2023-"))
    #expect(reason.detail.hasSuffix(": OSError: no route"))
  }

  @Test("A running task tells who runs it, whether that worker is there, and whether it was asked to stop")
  func running() {
    let record = Self.record { record in
      record.phase = .leased
      record.state = .started
      record.worker = "celery@far"
      record.started = Self.now + .seconds(-7300)
      record.attempts = 1
    }
    #expect(Self.codes(record) == ["running"])
    #expect(TaskExplanation(record, Self.around(), now: Self.now).summary.hasSuffix("for 2 h."))
    var gone = TaskExplanation.Surroundings()
    gone.isHolderPresent = false
    var stopping = record
    stopping.isCancelRequested = true
    stopping.history = [
      AttemptEnd(attempt: 1, worker: "celery@near", started: 0, ended: 1, cause: "process_died")
    ]
    #expect(Self.codes(stopping, gone) == ["worker-gone", "stopping", "running", "attempts-lost"])
  }

  @Test(
    "An ended task tells how it ended",
    arguments: [
      (TaskState.success, nil, "succeeded"), (.failure, nil, "failed"), (.failure, "poison", "poison"),
      (.failure, "rejected", "rejected"), (.revoked, "revoked", "revoked"), (.revoked, "terminated", "terminated"),
      (.revoked, "expired", "expired"), (.revoked, "purged", "purged"), (.revoked, "replaced", "replaced"),
      (.revoked, "house rule", "house rule"),
    ] as [(TaskState, String?, String)])
  func ended(_ state: TaskState, _ reason: String?, _ code: String) {
    let record = Self.record { record in
      record.phase = .finished
      record.state = state
      record.reason = reason
      record.finished = Self.now
      record.attempts = 2
      if state == .failure {
        record.failure = TaskFailure(type: "ValueError", message: String(repeating: "x", count: 900))
      }
    }
    let explanation = TaskExplanation(record, TaskExplanation.Surroundings(), now: Self.now)
    #expect(explanation.reasons.map(\.code) == [code])
    #expect(explanation.summary.count < 400)
    #expect(explanation.json["reasons"]?.elements()?.first?["code"]?.stringValue == code)
  }

  @Test("Times are told in the unit in which people say them")
  func words() {
    #expect(TaskExplanation.words(.seconds(-5)) == "0 s")
    #expect(TaskExplanation.words(.seconds(119)) == "119 s")
    #expect(TaskExplanation.words(.seconds(120)) == "2 min")
    #expect(TaskExplanation.words(.seconds(7200)) == "2 h")
    #expect(TaskExplanation.words(.seconds(200_000)) == "2 days")
  }

  @Test("The route looks up the queue, the workers and the place")
  func route() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.submit(#"{"task": "demo.add", "args": [1], "priority": 8}"#)
      _ = try await gateway.submit(#"{"task": "demo.add", "args": [1], "priority": 0}"#)
      let id = try await gateway.submit(#"{"task": "demo.add", "args": [1], "priority": 5}"#)
      _ = try await gateway.submit(#"{"task": "demo.add", "args": [1], "priority": 9, "countdown": 60}"#)
      let alone = try await gateway.get("/v1/tasks/\(id)/why")
      #expect(alone.status == 200)
      #expect(alone.string("id") == id.text)
      #expect(alone.string("summary") == "PENDING: no worker takes from queue 'sums'.")
      try await gateway.store.announce(.named("celery@far", tasks: ["demo.add"]), for: .seconds(60))
      let waiting = try await gateway.get("/v1/tasks/\(id)/why")
      #expect(waiting.string("summary") == "PENDING: 1 task is ready before it in queue 'sums'.")
      _ = try await gateway.post("/v1/queues/sums:pause")
      #expect(
        try await gateway.get("/v1/tasks/\(id)/why").string("summary") == "PENDING: its queue 'sums' is paused.")
      _ = try await gateway.post("/v1/tasks/\(id):cancel")
      #expect(
        try await gateway.get("/v1/tasks/\(id)/why").string("summary")
          == "REVOKED: it was cancelled before it started.")
      try await gateway.get("/v1/tasks/nobody/why").expectProblem(404, "unknown-task-id")
    }
  }
}
