import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct WorkerTests {
  @Test("A worker is shown as in the list, a mistyped one refused with the one it was meant to be")
  func show() async throws {
    try await RunningGateway.run { gateway in
      try await gateway.store.announce(.named("celery@far", tasks: ["demo.add"]), for: .seconds(60))
      let shown = try await gateway.get("/v1/workers/celery%40far")
      #expect(shown.status == 200)
      #expect(try await gateway.get("/v1/workers").json["workers"]?.elements() == [shown.json])
      for reply in [
        try await gateway.get("/v1/workers/celery@fra"), try await gateway.post("/v1/workers/celery@fra:stop"),
        try await gateway.post("/v1/workers/celery@fra:scale", #"{"concurrency": 2}"#),
      ] {
        reply.expectProblem(404, "unknown-worker")
        #expect(reply.string("hint") == "did you mean 'celery@far'?")
      }
    }
  }

  @Test("Orders reach the worker in the order in which they were given")
  func orders() async throws {
    try await RunningGateway.run { gateway in
      try await gateway.store.announce(.named("celery@far"), for: .seconds(60))
      for (verb, body) in [("quiet", nil), ("resume", nil), ("scale", #"{"concurrency": 3}"#), ("stop", nil)] {
        let reply = try await gateway.post("/v1/workers/celery@far:\(verb)", body)
        #expect(reply.status == 202, "\(reply.text)")
        #expect(reply.text == #"{"worker":"celery@far","order":"\#(verb)"}"#)
      }
      let orders = try await gateway.store.nextOrders(worker: "celery@far", incarnation: "1", after: 0, wait: .zero)
      #expect(orders.map(\.order) == [.quiet, .resume, .scale(3), .stop])
    }
  }

  @Test(
    "A number of slots that makes no sense is refused",
    arguments: [
      "{}", #"{"concurrency": 0}"#, #"{"concurrency": 1025}"#, #"{"concurrency": "4"}"#, #"{"concurrency": 1.5}"#,
    ])
  func badScale(_ body: String) async throws {
    try await RunningGateway.run { gateway in
      try await gateway.store.announce(.named("celery@far"), for: .seconds(60))
      try await gateway.post("/v1/workers/celery@far:scale", body).expectProblem(422, "invalid-request")
      #expect(
        try await gateway.store.nextOrders(worker: "celery@far", incarnation: "1", after: 0, wait: .zero).isEmpty)
    }
  }
}
