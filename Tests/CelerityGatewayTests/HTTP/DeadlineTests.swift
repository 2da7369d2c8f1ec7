import CelerityGateway
import CelerityTesting
import Synchronization
import Testing

@Suite struct DeadlineTests {
  private static var impatient: GatewaySettings {
    var settings = GatewaySettings()
    settings.limits.headDeadline = .milliseconds(50)
    settings.limits.bodyDeadline = .milliseconds(50)
    settings.limits.linger = .milliseconds(50)
    return settings
  }

  @Test("A head that does not end is answered 408", arguments: ["G", "GET /livez HTTP/1.1\r\nHost: loc"])
  func slowHead(_ start: String) async throws {
    try await RunningGateway.run(Self.impatient) { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send(start)
        return await connection.replies()
      }
      #expect(replies.count == 1)
      replies.first?.expectProblem(408, "request-timeout")
      #expect(replies.first?["connection"] == "close")
    }
  }

  @Test("A body that does not end is answered 408", arguments: ["Content-Length: 50", "Transfer-Encoding: chunked"])
  func slowBody(_ framing: String) async throws {
    try await RunningGateway.run(Self.impatient) { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send("POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\n\(framing)\r\n\r\n2\r\n{")
        return await connection.replies()
      }
      #expect(replies.count == 1)
      replies.first?.expectProblem(408, "request-timeout")
      #expect(replies.first?["connection"] == "close")
    }
  }

  @Test("What is left of a refused body has to arrive in time too")
  func slowRest() async throws {
    try await RunningGateway.run(Self.impatient) { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send("POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{")
        return await connection.replies()  // ends only when the gateway closes
      }
      #expect(replies.map(\.status) == [404])
    }
  }

  @Test("A connection without requests ends after the idle time, also after its first request")
  func idle() async throws {
    var settings = Self.impatient
    // Longer than a busy machine takes from the connection to the first byte of a request.
    settings.limits.idleTimeout = .seconds(2)
    try await RunningGateway.run(settings) { gateway in
      let silent = try await RawConnection.open(to: gateway.port) { await $0.replies() }
      #expect(silent.isEmpty)
      let once = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return await connection.replies()
      }
      #expect(once.map(\.status) == [200])
    }
  }

  @Test("Who comes when all connections are taken is served when one ends")
  func maximumConnections() async throws {
    var settings = GatewaySettings()
    settings.limits.maximumConnections = 1
    try await RunningGateway.run(settings) { gateway in
      let get = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
      let order = Order()
      let late = try await RawConnection.open(to: gateway.port) { first in
        try await first.send(get)
        _ = await first.replies(atMost: 1)
        let late = Task {
          try await RawConnection.open(to: gateway.port) { second in
            try await second.send(get)
            let replies = await second.replies(atMost: 1)
            order.note("second")
            return replies.map(\.status)
          }
        }
        for _ in 0..<50 {
          try await first.send(get)
          _ = await first.replies(atMost: 1)
        }
        order.note("first")
        return late
      }
      #expect(try await late.value == [200])
      #expect(order.names == ["first", "second"])
    }
  }

  @Test(
    "A body that breaks off is an error, not a short body",
    arguments: ["Content-Length: 50", "Transfer-Encoding: chunked"])
  func truncated(_ framing: String) async throws {
    try await RunningGateway.run { gateway in
      let body = #"{"task": "demo.echo", "args": [1]}"#
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        let chunk = framing.hasPrefix("T") ? "22\r\n\(body)\r\n" : body
        try await connection.send("POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\n\(framing)\r\n\r\n\(chunk)")
        connection.finish()
        return await connection.replies()
      }
      #expect(replies.map(\.status) == [400])
      #expect(try await gateway.store.queues(of: nil).isEmpty, "nothing was accepted")
    }
  }
}

/// Notes what happens in its order.
private final class Order: Sendable {
  private let state = Mutex<[String]>([])

  var names: [String] { state.withLock { $0 } }

  func note(_ name: String) { state.withLock { $0.append(name) } }
}
