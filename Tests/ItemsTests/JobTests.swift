import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Items

@Suite struct JobTests {
  private func submit(
    _ platform: TestPlatform, _ body: String = #"{"data": "test", "iterations": 3}"#
  ) async throws -> String {
    let answer = try await platform.call("POST", "/api/async/process", body)
    #expect(answer.status == 202)
    return try answer.body.text("task_id")
  }

  private func status(_ id: String, _ platform: TestPlatform, _ query: String = "") async throws -> RawJSON {
    try await platform.call("GET", "/api/async/status/\(id)\(query)").body
  }

  @Test("S3.06: a job is accepted with an id, PENDING, while no worker is there")
  func accepted() async throws {
    let platform = TestPlatform()
    let answer = try await platform.call("POST", "/api/async/process", #"{"data": "test"}"#)
    #expect(answer.status == 202)
    #expect(answer.body.names == ["task_id", "status", "message"])
    let id = try answer.body.text("task_id")
    #expect(try answer.body.text("status") == "PENDING")
    #expect(answer.headers["Location"] == "/api/async/status/\(id)")
    let record = try await platform.store.records([TaskKey(TaskID(stored: id))])[0].record
    #expect(record?.message.kwargs.description == #"{"data":"test","iterations":10}"#)
    #expect(record?.message.extras.softTimeLimit == 270)
    #expect(record?.message.extras.timeLimit == 300)
    #expect(record?.message.extras.requestID == "request-1")
  }

  @Test(
    "S3.06: the largest jobs are taken, and 5.0 is a whole number",
    arguments: [
      #"{"data": "\#(String(repeating: "x", count: 10_000))", "iterations": 104}"#,
      #"{"data": "é", "iterations": 1000, "priority": "low"}"#, #"{"data": "a", "iterations": 5.0, "other": 1}"#,
    ])
  func largest(body: String) async throws { _ = try await submit(TestPlatform(), body) }

  @Test(
    "S3.06: what does not fit is 422 and queues nothing",
    arguments: [
      ("{}", "data"), (#"{"data": ""}"#, "data"), (#"{"data": 1}"#, "data"),
      (#"{"data": "\#(String(repeating: "x", count: 10_001))"}"#, "data"),
      (#"{"data": "\#(String(repeating: "ß", count: 5000))", "iterations": 1000}"#, "data"),
      (#"{"data": "a", "iterations": 0}"#, "iterations"), (#"{"data": "a", "iterations": 1001}"#, "iterations"),
      (#"{"data": "a", "iterations": 1.5}"#, "iterations"), (#"{"data": "a", "iterations": "5"}"#, "iterations"),
      (#"{"data": "a", "priority": "urgent"}"#, "priority"), (#"{"data": "a", "priority": 1}"#, "priority"),
    ])
  func refused(body: String, field: String) async throws {
    let platform = TestPlatform()
    let answer = try await platform.call("POST", "/api/async/process", body)
    #expect(answer.status == 422)
    #expect(answer.body["detail"]?.elements()?.first?["loc"]?.description == #"["body","\#(field)"]"#)
    #expect(try await platform.store.queues(of: nil).isEmpty)
  }

  @Test("S3.20: three iterations give exactly these items")
  func result() async throws {
    let platform = TestPlatform()
    let id = try await submit(platform)
    let result = try await platform.finishOne()
    #expect(
      result.names == [
        "task_id", "input_data", "iterations", "started_at", "completed_at", "status", "processed_items",
        "total_processed",
      ])
    #expect(try result.text("task_id") == id)
    #expect(result["processed_items"]?.description == #"["TEST_ITERATION_1","TEST_ITERATION_2","TEST_ITERATION_3"]"#)
    #expect(result["total_processed"]?.int64Value == 3)
    #expect(try result.text("status") == "completed")
  }

  @Test("S3.07, S3.29: progress rises after each iteration, which takes the step that is set")
  func progress() async throws {
    let platform = TestPlatform([ItemsService.iterationStep.name: .duration(.milliseconds(250))])
    let id = try await submit(platform)
    #expect(try await status(id, platform).text("status") == "PENDING")
    #expect(try await status(id, platform)["progress"] == .null)
    let delivery = try await platform.fetch()
    #expect(try await status(id, platform).text("status") == "STARTED")
    let port = TestPort()
    let running = Task { try await platform.run(delivery, port: port) }
    for number in 1...3 {
      await platform.time.waitForSleepers()
      #expect(port.reports.count == number - 1)
      if let report = port.reports.last {
        _ = try await platform.store.report([
          ProgressReport(delivery.key, token: delivery.lease.token, value: report)
        ])
        let seen = try await status(id, platform)
        #expect(try seen.text("status") == "PROGRESS")
        let percent = number == 2 ? "33.3" : "66.7"
        #expect(
          seen["progress"]?.description
            == #"{"current":\#(number - 1),"total":3,"progress":\#(percent),"status":"\#(number - 1) of 3 done"}"#)
      }
      platform.time.advance(by: .milliseconds(250))
    }
    let result = try await running.value
    _ = try await platform.store.settle([Settlement(delivery, .success(result))])
    let ended = try await status(id, platform)
    #expect(try ended.text("status") == "SUCCESS")
    #expect(ended["result"] == result)
    #expect(ended["error"] == .null)
    #expect(ended["archived"] == .false)
    #expect(ended["progress"]?.description == #"{"current":3,"total":3,"progress":100.0,"status":"3 of 3 done"}"#)
    #expect(try result.text("completed_at") == "2026-11-21T05:00:00.750000Z")
  }

  @Test("C3.8: a thousand iterations of the default step fit the soft time limit")
  func fits() {
    #expect(ItemsService.iterationStep.defaultValue * 1000 < ItemsService.softTimeLimit.defaultValue)
    #expect(ItemsService.softTimeLimit.defaultValue < ItemsService.timeLimit.defaultValue)
  }

  @Test("S3.25: of waiting jobs the high ones start before the low ones")
  func priority() async throws {
    let platform = TestPlatform()
    var ids: [String: [String]] = [:]
    for word in ["low", "normal", "high"] {
      for _ in 0..<5 {
        ids[word, default: []].append(try await submit(platform, #"{"data": "a", "priority": "\#(word)"}"#))
      }
    }
    var order: [String] = []
    for _ in 0..<15 { order.append(try await platform.fetch().message.id.text) }
    #expect(order == ["high", "normal", "low"].flatMap { ids[$0] ?? [] })
  }

  @Test("S3.07: with a time to wait the answer comes when the job ends")
  func waiting() async throws {
    let platform = TestPlatform()
    let id = try await submit(platform)
    let feed = Task { await platform.environment.tasks.waiter.run() }
    defer { feed.cancel() }
    async let waiting = status(id, platform, "?wait=30")
    await platform.time.waitForSleepers()
    try await platform.finishOne()
    #expect(try await waiting.text("status") == "SUCCESS")
    #expect(try await platform.call("GET", "/api/async/status/\(id)?wait=31").status == 422)
  }

  @Test("S3.22: a batch counts successes and failures of single items")
  func batch() async throws {
    let platform = TestPlatform()
    let message = TaskMessage(
      id: TaskID(stored: "b"), task: ProcessBatch.name,
      kwargs: try RawJSON(validating: #"{"items": ["a", 5, "", "straße"]}"#))
    let port = TestPort()
    let result = try await platform.run(message, port: port)
    #expect(result.names == ["task_id", "total", "successful", "failed", "results"])
    #expect(result["successful"]?.int64Value == 2)
    #expect(result["failed"]?.int64Value == 2)
    #expect(result["total"]?.int64Value == 4)
    let results = try #require(result["results"]?.elements())
    #expect(try results[3].text("result") == "STRASSE_PROCESSED")
    #expect(try results[1].text("error") == "it is no text")
    #expect(port.reports.count == 4)
  }

  @Test("C3.16: a task that nobody submitted, or that another service did, is 404")
  func unknown() async throws {
    let platform = TestPlatform()
    _ = try await platform.environment.tasks.submit(
      Submission(TaskMessage(id: TaskID(stored: "theirs"), task: "finance.compound_interest")))
    for id in ["nobody", "theirs"] {
      #expect(try await platform.call("GET", "/api/async/status/\(id)").status == 404)
    }
  }

  @Test("S3.25, S3.26, S3.27: settings and options reach the queue as the seed has them")
  func options() throws {
    let options = ProcessData.options
    #expect(options.queue == ItemsService.queue)
    #expect(options.softTimeLimit == .seconds(270))
    #expect(options.timeLimit == .seconds(300))
    #expect(options.retry.maxRetries == 3)
    for task in ItemsService().tasks { _ = try TaskRegistry([task]) }
  }

  @Test("S3.27: limits that are set go with the job")
  func limits() async throws {
    let platform = TestPlatform([
      ItemsService.softTimeLimit.name: .duration(.seconds(2)), ItemsService.timeLimit.name: .duration(.seconds(3)),
    ])
    _ = try await submit(platform)
    let extras = try await platform.fetch().message.extras
    #expect(extras.softTimeLimit == 2)
    #expect(extras.timeLimit == 3)
  }
}
