import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Logging
import NIOHTTP1
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct RequestObserverTests {
  @Test("Each request has a line with its route's template, and nothing that a client could have made up")
  func lines() async throws {
    let book = LogBook()
    try await RunningGateway.run(GatewaySettings(logsRequests: true), services: [Shop()], logger: book.logger) {
      gateway in
      let id = try await gateway.submit()
      let headers = [("X-Request-ID", "abc"), ("Authorization", "Bearer swordfish")]
      let shown = try await gateway.get("/v1/tasks/\(id)?", headers: headers)
      _ = try await gateway.get("/orders/swordfish", headers: headers)
      _ = try await gateway.get("/none/swordfish?password=swordfish", headers: headers)
      _ = try await gateway.get("/v1/tasks?password=swordfish", headers: headers)
      _ = try await gateway.send(.HEAD, "/v1/tasks/\(id)")
      let lines = await book.lines(6)
      #expect(
        lines.map { $0["path"] } == [
          "/v1/tasks", "/v1/tasks/{id}", "/orders/{id}", "-", "/v1/tasks", "/v1/tasks/{id}",
        ])
      #expect(lines.map { $0["status"] } == ["202", "200", "200", "404", "400", "200"])
      #expect(lines[1]["operation"] == "showTask")
      #expect(lines[1]["method"] == "GET")
      #expect(lines[1]["bytes"] == "\(shown.body.count)")
      #expect(lines[1]["request_id"] == "abc")
      #expect(lines[1]["trace_id"]?.utf8.count == 32)
      #expect(lines[1]["peer"] == "127.0.0.1")
      #expect(Double(lines[1]["ms"] ?? "").map { $0 >= 0 } == true)
      #expect(lines.allSatisfy { $0["client_gone"] == nil })
      #expect(lines[5]["method"] == "HEAD" && lines[5]["bytes"] == "0")
      #expect(!lines.contains { $0.values.contains { $0.contains("swordfish") } })
    }
  }

  @Test("Probes have no line, and without the setting nothing has")
  func quiet() async throws {
    let book = LogBook()
    try await RunningGateway.run(GatewaySettings(logsRequests: true), logger: book.logger) { gateway in
      for path in ["/health", "/healthz", "/livez", "/readyz", "/startupz"] { _ = try await gateway.get(path) }
      _ = try await gateway.get("/")
      #expect(await book.lines(1).map { $0["path"] } == ["/"])
    }
    let silent = LogBook()
    try await RunningGateway.run(logger: silent.logger) { gateway in _ = try await gateway.get("/") }
    #expect(silent.requests.isEmpty)
  }

  @Test("A stream has its line when it ends, with what was sent")
  func stream() async throws {
    let book = LogBook()
    try await RunningGateway.run(GatewaySettings(logsRequests: true), logger: book.logger) { gateway in
      let id = try await gateway.submit()
      try await gateway.settle(.success(.null))
      _ = try await gateway.follow("/v1/tasks/\(id)/events") { try await $0.rest() }
      let line = await book.lines(2)[1]
      #expect(line["operation"] == "streamTaskEvents")
      #expect(Int(line["bytes"] ?? "").map { $0 > 500 } == true)
    }
  }

  @Test("Telemetry is told of every request, also of those that no route answered")
  func telemetry() async throws {
    let told = Told()
    try await RunningGateway.run(telemetry: told) { gateway in
      try await gateway.submit()
      _ = try await gateway.get("/none")
      _ = try await gateway.get("/livez")
      let seen = await told.requests(3)
      #expect(seen.map(\.route) == ["/v1/tasks", nil, "/livez"])
      #expect(seen.map(\.status) == [202, 404, 200])
      #expect(seen.allSatisfy { !$0.isStream && $0.duration >= .zero })
      #expect(seen.map(\.method) == ["POST", "GET", "GET"])
    }
  }
}

/// Keeps what a gateway tells.
private final class Told: GatewayTelemetry {
  private let told = Mutex<[ServedRequest]>([])
  private let bell = AsyncStream.makeStream(of: Void.self)

  func requestEnded(_ request: ServedRequest) {
    told.withLock { $0.append(request) }
    bell.continuation.yield()
  }

  func requests(_ count: Int) async -> [ServedRequest] {
    while told.withLock({ $0.count }) < count { for await _ in bell.stream { break } }
    return told.withLock { $0 }
  }
}
