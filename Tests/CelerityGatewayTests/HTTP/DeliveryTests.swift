import CelerityCore
import CelerityGateway
import CelerityRoutes
import CelerityTasks
import NIOHTTP1
import ServiceLifecycle
import Testing

/// Has answers of any length.
private struct Library: ServiceDefinition {
  static let name = "library"
  static let long = 4 << 20
  /// More than a system's buffers take from a writer whom nobody reads from (Linux: 4 MiB, `tcp_wmem`).
  static let huge = 24 << 20
  var tasks: [any TaskDefinition] { [] }

  var routes: [Route] {
    [
      Route(.get, "/long", operationID: "long", summary: "A long answer") { _, _ in Self.answer },
      Route(.post, "/long", operationID: "write", summary: "Does something and has much to say") { _, _ in Self.answer
      },
      Route(.get, "/huge", operationID: "huge", summary: "An answer that waits for its reader") { _, _ in
        RouteResponse(
          200, body: .bytes([UInt8](repeating: 0x61, count: Self.huge), contentType: "application/octet-stream"))
      },
      Route(.get, "/flood", operationID: "flood", summary: "A stream without end") { _, _ in
        let piece = [UInt8](repeating: 0x61, count: 64 << 10)
        return RouteResponse(200, body: .stream(AsyncStream { piece }, contentType: "text/plain"))
      },
    ]
  }

  /// The bytes differ, so that a piece that is lost or sent twice is seen.
  static let bytes = (0..<long).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

  /// A failed `==` would write out both, number by number.
  static func isWhole(_ body: [UInt8]?) -> Bool { body == bytes }

  private static var answer: RouteResponse {
    RouteResponse(200, body: .bytes(bytes, contentType: "application/octet-stream"))
  }
}

@Suite(.timeLimit(.minutes(1))) struct DeliveryTests {
  private static var hasty: GatewaySettings {
    var settings = GatewaySettings(logsRequests: true)
    settings.limits.linger = .milliseconds(20)
    return settings
  }

  /// Reads all of an answer, the last megabyte at a pace.
  private static func readSlowly(_ reader: inout SlowReader, pause: Duration) async throws {
    while await reader.read() {
      let count = reader.body?.count ?? 0
      if count == Library.long { break }
      // lint:allow what is tested is what the gateway does while its client takes its time
      if count > Library.long - (1 << 20) { try await Task.sleep(for: pause) }
    }
  }

  @Test(
    "Who reads slowly gets the whole answer, however it is the last of its connection", arguments: ["close", "idle"])
  func slowReader(_ end: String) async throws {
    var settings = Self.hasty
    // Longer than a busy machine takes from the connection to the first byte of a request.
    settings.limits.idleTimeout = end == "idle" ? .seconds(5) : .seconds(60)
    try await RunningGateway.run(settings, services: [Library()]) { gateway in
      let body = try await SlowReader.open(to: gateway.port) { reader in
        try await reader.ask("/long", fields: end == "close" ? "Connection: close\r\n" : "")
        try await Self.readSlowly(&reader, pause: .milliseconds(end == "idle" ? 200 : 20))
        return reader.body.map(Array.init)
      }
      #expect(body?.count == Library.long)
      #expect(Library.isWhole(body))
    }
  }

  @Test("A graceful shutdown waits for who reads slowly")
  func shutdown() async throws {
    try await RunningGateway.run(Self.hasty, services: [Library()]) { gateway in
      let body = try await SlowReader.open(to: gateway.port) { reader in
        try await reader.ask("/long")
        #expect(await reader.read())
        await gateway.group.triggerGracefulShutdown()
        try await Self.readSlowly(&reader, pause: .milliseconds(20))
        return reader.body.map(Array.init)
      }
      #expect(Library.isWhole(body))
    }
  }

  @Test("Who says nothing more and reads slowly gets the whole answer")
  func halfClosed() async throws {
    try await RunningGateway.run(Self.hasty, services: [Library()]) { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send("GET /long HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        connection.finish()
        return await connection.replies()
      }
      #expect(Library.isWhole(replies.first?.body))
    }
  }

  @Test("Who reads nothing is cut off, in an answer as in a stream", arguments: ["/huge", "/flood"])
  func noReader(_ path: String) async throws {
    var settings = Self.hasty
    settings.limits.deliveryDeadline = .milliseconds(100)
    let book = LogBook()
    try await RunningGateway.run(settings, services: [Library()], logger: book.logger) { gateway in
      try await SlowReader.open(to: gateway.port) { reader in
        try await reader.ask(path)
        _ = await book.lines(1)  // the answer has ended, although nobody reads it
        while await reader.read() {}
        #expect((reader.body?.count ?? 0) < Library.huge)
      }
    }
  }

  @Test("Long answers that are being written take room, which their end gives back")
  func room() async throws {
    var settings = Self.hasty
    settings.limits.maximumBufferedBytes = Library.huge + Library.long
    let book = LogBook()
    try await RunningGateway.run(settings, services: [Library()], logger: book.logger) { gateway in
      try await SlowReader.open(to: gateway.port) { reader in
        try await reader.ask("/huge")
        #expect(await reader.read())
        let refused = try await gateway.get("/huge")
        refused.expectProblem(503, "too-busy")
        #expect(refused["retry-after"] == "1")
        #expect(try await gateway.get("/livez").status == 200, "short answers need no room")
        #expect(try await gateway.send(.HEAD, "/huge").status == 200)
        #expect(try await gateway.post("/long").status == 200, "what is done can't be refused")
      }
      // The refused one, the HEAD, the POST, and the one whose client has left.
      _ = await book.lines(4)
      #expect(Library.isWhole(try await gateway.get("/long").body))
    }
  }
}
