import CelerityGateway
import CelerityTesting
import NIOHTTP1
import Testing

@Suite(.timeLimit(.minutes(1))) struct MetricsRouteTests {
  /// Names the form it was asked for.
  private struct Renderer: MetricsRenderer {
    func render(_ form: MetricsForm) async -> RenderedMetrics {
      RenderedMetrics(contentType: "text/x-\(form)", bytes: Array("\(form)".utf8))
    }
  }

  @Test(
    "The form follows the client's wish; JSON is for who has none",
    arguments: [
      (nil, "json"), ("*/*", "json"), ("application/json", "json"), ("text/plain", "prometheus"),
      ("application/openmetrics-text; version=1.0.0; charset=utf-8", "openMetrics"),
    ] as [(String?, String)])
  func forms(_ accept: String?, _ form: String) async throws {
    try await RunningGateway.run(metrics: Renderer()) { gateway in
      let reply = try await gateway.get("/metrics", headers: accept.map { [("Accept", $0)] } ?? [])
      #expect(reply.status == 200)
      #expect(reply.text == form)
      #expect(reply["content-type"] == "text/x-\(form)")
      #expect(reply["vary"] == "Accept")
      #expect(try await gateway.send(.HEAD, "/metrics").status == 200)
    }
  }

  @Test("Without somebody who counts there are no metrics")
  func none() async throws {
    try await RunningGateway.run { gateway in
      try await gateway.get("/metrics").expectProblem(404, "not-found")
    }
  }

  @Test("Connections and streams are counted while they are open")
  func gauges() async throws {
    try await RunningGateway.run { running in
      try await running.follow("/v1/events") { client in
        _ = try await client.comments(1)
        #expect(running.gateway.openStreams == 1)
        #expect(running.gateway.openConnections >= 1)
      }
    }
  }
}
