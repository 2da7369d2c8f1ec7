import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTesting
import Testing

@testable import Items

@Suite struct HealthTests {
  private let platform = TestPlatform()

  private func health() async throws -> RawJSON {
    let answer = try await platform.call("GET", "/health")
    #expect(answer.status == 200)
    return answer.body
  }

  @Test("S3.02: health names its dependencies")
  func healthy() async throws {
    #expect(
      try await health().description
        == #"{"status":"healthy","timestamp":"2026-11-21T05:00:00.000000Z","services":{"mongodb":"connected","#
        + #""redis":"connected","rabbitmq":"connected"}}"#)
  }

  @Test("S3.02: a store that fails is disconnected, and connected again when it is back")
  func failing() async throws {
    platform.documents.fail()
    let body = try await health()
    #expect(try body.text("status") == "degraded")
    #expect(
      body["services"]?.description == #"{"mongodb":"disconnected","redis":"connected","rabbitmq":"connected"}"#)
    platform.documents.mend()
    #expect(try await health().text("status") == "healthy")
  }

  @Test("S3.02: a store that hangs is disconnected within 100 ms, and at once for those who ask later")
  func hanging() async throws {
    #expect(Connections.patience < .milliseconds(100))
    platform.documents.hang()
    async let first = health()
    await platform.time.waitForSleepers()
    platform.time.advance(by: Connections.patience)
    #expect(try await first["services"]?["mongodb"] == .string("disconnected"))
    for _ in 0..<3 { #expect(try await health().text("status") == "degraded") }
    platform.documents.mend()
  }

  @Test("S3.02: however many ask, the store is asked once a second")
  func shared() async throws {
    for _ in 0..<30 {
      _ = try await health()
      platform.time.advance(by: .milliseconds(100))
    }
    #expect(platform.documents.reads == 3)
  }

  @Test("S3.01: the root says what the service is")
  func root() async throws {
    let answer = try await platform.call("GET", "/")
    #expect(answer.status == 200)
    #expect(answer.body.names == ["message", "version", "docs", "health"])
    #expect(try answer.body.text("version") == "1.2.3")
  }

  @Test("S3.08: every route is declared with what it takes and answers")
  func declared() throws {
    let routes = ItemsService().routes
    #expect(Set(routes.map(\.operationID)).count == routes.count)
    _ = try RouteTable(routes)
    for route in routes {
      #expect(!route.responses.isEmpty && !route.summary.isEmpty)
      for schema in [route.request].compactMap({ $0 }) + route.responses.compactMap(\.schema) {
        _ = try RawJSON(validating: schema.json.bytes)
      }
    }
  }
}
