import CelerityGateway
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct RefusalTests {
  @Test(
    "What is refused before it is a request is counted and has its line",
    arguments: [
      ("GET /livez HTTP/1.1\r\nHost : localhost\r\n\r\n", 400), ("NONSENSE\r\n\r\n", 405), ("G", 408),
      ("GET /livez HTTP/1.1\r\nX-A: \(String(repeating: "a", count: 40 << 10))\r\n\r\n", 431),
    ])
  func refusals(_ bytes: String, _ status: Int) async throws {
    var settings = GatewaySettings(logsRequests: true)
    // What is refused for another reason must not be late on a busy machine.
    settings.limits.headDeadline = status == 408 ? .milliseconds(50) : .seconds(30)
    let book = LogBook()
    let counter = Counter()
    try await RunningGateway.run(settings, telemetry: counter, logger: book.logger) { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send(bytes)
        return await connection.replies(atMost: 1)
      }
      #expect(replies.map(\.status) == [status])
      let line = await book.lines(1)[0]
      #expect(line["status"] == "\(status)")
      #expect(line["path"] == "-" && line["method"] == "-" && line["operation"] == "-")
      #expect(line["peer"] == "127.0.0.1")
      #expect(line["request_id"] == replies.first?["x-request-id"])
      #expect(line["bytes"] == replies.first.map { "\($0.body.count)" })
      let told = counter.requests
      #expect(told.map(\.status) == [status])
      #expect(told.allSatisfy { $0.route == nil && $0.duration >= (status == 408 ? .milliseconds(50) : .zero) })
    }
  }
}

/// Keeps what a gateway tells.
private final class Counter: GatewayTelemetry {
  private let told = Mutex<[ServedRequest]>([])

  var requests: [ServedRequest] { told.withLock { $0 } }

  func requestEnded(_ request: ServedRequest) { told.withLock { $0.append(request) } }
}
