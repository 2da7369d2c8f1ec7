import CelerityGateway
import CelerityTesting
import Testing

@Suite struct ServiceRouteTests {
  @Test("Errors before the handler wear the service's own envelope")
  func earlyErrors() async throws {
    try await RunningGateway.run(services: [Shop()]) { gateway in
      for path in ["/orders", "/shop/orders"] {
        let cases: [(body: String, type: String, status: Int, code: String)] = [
          ("{", "application/json", 400, "malformed-json"),
          (String(repeating: " ", count: 65), "application/json", 413, "payload-too-large"),
          ("{}", "text/csv", 415, "unsupported-media-type"),
        ]
        for (body, type, status, code) in cases {
          let reply = try await gateway.post(path, body, headers: [("Content-Type", type)])
          #expect(reply.status == status)
          #expect(reply["content-type"] == "application/json")
          #expect(reply.string("oops") == code)
          #expect(reply.string("at") == path)
        }
      }
    }
  }

  @Test("Errors of the handler wear it too; what nobody foresaw is told to nobody")
  func handlerErrors() async throws {
    try await RunningGateway.run(services: [Shop()]) { gateway in
      for (path, status, code) in [
        ("/broken", 500, "internal-error"), ("/away", 503, "engine-unavailable"), ("/full", 503, "storage-full"),
      ] {
        let reply = try await gateway.get(path)
        #expect(reply.status == status)
        #expect(reply.string("oops") == code)
        #expect(!reply.text.contains("swordfish"))
      }
    }
  }

  @Test("A service's handler gets the body, the decoded parameters and any query")
  func handlers() async throws {
    try await RunningGateway.run(services: [Shop()]) { gateway in
      let echo = try await gateway.post("/orders", #" {"n": 1.0} "#)
      #expect(echo.status == 201)
      #expect(echo.text == #"{"n": 1.0}"#)
      #expect(try await gateway.get("/orders/a%20b?unknown=1").text == #""a b""#)
      #expect(try await gateway.get("/stream").text == "one two")
    }
  }

  @Test("A handler is told the peer's address, whether requests are logged or not", arguments: [true, false])
  func peer(logs: Bool) async throws {
    try await RunningGateway.run(GatewaySettings(logsRequests: logs), services: [Shop()]) { gateway in
      let reply = try await gateway.get("/peer")
      #expect(reply.text == "127.0.0.1")
    }
  }

  @Test("Routes are mounted with the service's name, and without it where nobody else wants the path")
  func mounting() async throws {
    try await RunningGateway.run(services: [Shop(), Ledger()]) { gateway in
      let expected = [
        ("/shop/orders/1", "\"1\""), ("/orders/1", "\"1\""), ("/shop/health", "shop is open"),
        ("/shop/tasks", "shop tasks"), ("/finance/tasks", "finance tasks"), ("/tasks", "finance tasks"),
        ("/shop/lists", "shop lists"), ("/finance/lists", "finance lists"), ("/finance", "finance root"),
      ]
      for (path, text) in expected { #expect(try await gateway.get(path).text == text, "\(path)") }
      try await gateway.get("/lists").expectProblem(404, "not-found")
      #expect(try await gateway.get("/health").string("status") == "degraded")
      #expect(try await gateway.get("/").string("name") == "celerity")
    }
  }

  @Test("A service that is started alone owns the root")
  func rootService() async throws {
    var settings = GatewaySettings()
    settings.rootService = "finance"
    try await RunningGateway.run(settings, services: [Ledger()]) { gateway in
      for (path, text) in [("/", "finance root"), ("/lists", "finance lists"), ("/livez", "ok")] {
        #expect(try await gateway.get(path).text == text, "\(path)")
      }
      let health = try await gateway.get("/health")
      #expect(health.status == 200)
    }
  }
}
