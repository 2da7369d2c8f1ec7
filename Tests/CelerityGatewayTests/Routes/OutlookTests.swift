import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct OutlookTests {
  private static let body = #"{"task": "demo.add", "args": [1, 2]}"#

  @Test("A submission tells how many are before it, and warns when nobody takes from its queue")
  func position() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      let alone = try await gateway.post("/v1/tasks", Self.body)
      #expect(alone.json["position"]?.int64Value == 0)
      #expect(alone.json["estimated_start"] == nil)
      #expect(alone.string("warning")?.contains("no worker takes from the queue 'sums'") == true)
      try await gateway.store.announce(.named("celery@far", tasks: ["demo.add"]), for: .seconds(600))
      time.advance(by: .seconds(1))
      let second = try await gateway.post("/v1/tasks", Self.body)
      #expect(second.json["position"]?.int64Value == 1)
      #expect(second.string("warning") == nil)
      #expect(second.json["estimated_start"] == nil, "no task has ended yet")
    }
  }

  @Test("Once tasks have ended it tells when it will probably start")
  func estimate() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      try await gateway.store.announce(.named("celery@far", tasks: ["demo.add"]), for: .seconds(600))
      let idle = try await gateway.post("/v1/tasks", Self.body)
      #expect(idle.string("estimated_start") == time.now.rfc3339, "nothing waits before it")
      let delivery = try #require(
        try await gateway.store.fetch(FetchRequest(queues: ["sums"], limit: 1, worker: "celery@test")).first)
      time.advance(by: .seconds(4))
      _ = try await gateway.store.settle([Settlement(delivery, .success(.null))])
      for _ in 0..<5 { _ = try await gateway.submit() }
      time.advance(by: .seconds(1))
      let loaded = try await gateway.post("/v1/tasks", Self.body)
      #expect(loaded.json["position"]?.int64Value == 5)
      #expect(loaded.string("estimated_start") == (time.now + .seconds(8)).rfc3339, "two rounds on four slots")
      _ = try await gateway.post("/v1/queues/sums:pause")
      time.advance(by: .seconds(1))
      let paused = try await gateway.post("/v1/tasks", Self.body)
      #expect(paused.string("warning")?.contains("'sums' is paused") == true)
      #expect(paused.json["estimated_start"] == nil)
    }
  }

  @Test("What is to start later, and what was there before, has no place")
  func none() async throws {
    try await RunningGateway.run { gateway in
      let later = try await gateway.post("/v1/tasks", #"{"task": "demo.add", "args": [1], "countdown": 60}"#)
      #expect(later.json["position"] == nil)
      let key = [("Idempotency-Key", "k")]
      _ = try await gateway.post("/v1/tasks", Self.body, headers: key)
      let replay = try await gateway.post("/v1/tasks", Self.body, headers: key)
      #expect(replay.json["position"] == nil)
      #expect(replay.json["warning"] == nil)
    }
  }
}
