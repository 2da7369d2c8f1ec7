import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import NIOHTTP1
import Testing

@Suite struct ProtocolTests {
  @Test("HEAD is answered like GET, without the body")
  func head() async throws {
    try await RunningGateway.run { gateway in
      let get = try await gateway.get("/problems/not-found")
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send("HEAD /problems/not-found HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return await connection.replies(toHead: true)
      }
      #expect(replies.count == 1)
      #expect(replies.first?.status == 200)
      #expect(replies.first?["content-length"] == String(get.body.count))
      #expect(replies.first?["transfer-encoding"] == nil)
    }
  }

  @Test(
    "OPTIONS lists the methods of a path",
    arguments: [
      ("/v1/tasks", "GET, HEAD, POST, OPTIONS"), ("/v1/tasks/x:cancel", "POST, OPTIONS"),
      ("/livez", "GET, HEAD, OPTIONS"),
    ])
  func options(_ path: String, _ allowed: String) async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.send(.OPTIONS, path)
      #expect(reply.status == 204)
      #expect(reply["allow"] == allowed)
      #expect(reply["content-length"] == nil)
      try await gateway.send(.OPTIONS, "/nowhere").expectProblem(404, "not-found")
    }
  }

  @Test("OPTIONS of everything is answered too")
  func optionsOfAll() async throws {
    try await RunningGateway.run { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return await connection.replies()
      }
      #expect(replies.map(\.status) == [204])
    }
  }

  @Test("A wrong method is 405 with the right ones")
  func wrongMethod() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.send(.PUT, "/v1/tasks", body: "{}")
      reply.expectProblem(405, "method-not-allowed")
      #expect(reply["allow"] == "GET, HEAD, POST, OPTIONS")
    }
  }

  @Test("A request id of the client's is kept when it is harmless, otherwise replaced")
  func requestID() async throws {
    try await RunningGateway.run { gateway in
      #expect(try await gateway.get("/livez", headers: [("X-Request-ID", "abc-1.2_3")])["x-request-id"] == "abc-1.2_3")
      for id in ["a b", "<script>", String(repeating: "a", count: 129), "\u{e9}"] {
        let made = try await gateway.get("/livez", headers: [("X-Request-ID", id)])["x-request-id"]
        #expect(made != id)
        #expect(made?.utf8.count == 36)
      }
    }
  }

  @Test("A problem carries the trace of the client")
  func traceID() async throws {
    try await RunningGateway.run { gateway in
      let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
      let reply = try await gateway.get("/nowhere", headers: [("traceparent", parent)])
      #expect(reply.string("trace_id") == "0af7651916cd43dd8448eb211c80319c")
      #expect(reply.string("instance") == "/nowhere")
    }
  }

  @Test("Every answer tells its time, its length and that it must not be guessed at or stored")
  func commonFields() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.get("/livez")
      #expect(reply["x-response-time"]?.hasSuffix("ms") == true)
      #expect(reply["content-length"] == "2")
      #expect(reply["x-content-type-options"] == "nosniff")
      #expect(reply["cache-control"] == "no-store")
      #expect(reply["date"] != nil)
    }
  }

  @Test("Requests sent one behind the other are answered in order, also behind a refused one")
  func pipelining() async throws {
    try await RunningGateway.run { gateway in
      let statuses = try await RawConnection.open(to: gateway.port) { connection in
        let get = { (path: String) in "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n" }
        try await connection.send(get("/livez") + get("/nowhere") + get("/") + get("/v1/tasks?x=1") + get("/livez"))
        return await connection.replies(atMost: 5).map(\.status)
      }
      #expect(statuses == [200, 404, 200, 400, 200])
    }
  }

  @Test("What is well-formed is answered before the connection ends over what is not")
  func pipelinedNonsense() async throws {
    try await RunningGateway.run { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send(
          "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nNONSENSE\r\n\r\nGET /livez HTTP/1.1\r\n\r\n")
        return await connection.replies()
      }
      #expect(replies.map(\.status) == [200, 405])
      #expect(replies.last?["connection"] == "close")
    }
  }

  @Test("A body in chunks is read like any other")
  func chunks() async throws {
    try await RunningGateway.run { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send("POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        try await connection.send("c;ext=1\r\n{\"task\": \"de\r\n")
        try await connection.send("19\r\nmo.echo\", \"args\": [1]}   \r\n0\r\nX-Trailer: 1\r\n\r\n")
        return await connection.replies(atMost: 1)
      }
      #expect(replies.map(\.status) == [202], "\(replies.first?.text ?? "")")
    }
  }

  @Test("Who waits for 100 Continue gets it, except where the body would be refused")
  func expectContinue() async throws {
    try await RunningGateway.run { gateway in
      let head = { @Sendable (length: Int) in
        "POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n\r\n"
      }
      let body = #"{"task": "demo.echo", "args": [1]}"#
      let small = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send(head(body.utf8.count))
        let first = await connection.replies(atMost: 1)
        try await connection.send(body)
        return first + (await connection.replies(atMost: 1))
      }
      #expect(small.map(\.status) == [100, 202])
      let large = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send(head(1 << 30))
        return await connection.replies()
      }
      #expect(large.map(\.status) == [413])
    }
  }

  @Test("A connection that asks for another protocol is answered in this one and ends")
  func upgrade() async throws {
    try await RunningGateway.run { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        let upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
        try await connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\(upgrade)\r\n")
        return await connection.replies()
      }
      #expect(replies.map(\.status) == [200])
      #expect(replies.first?["connection"] == "close")
    }
  }

  @Test(
    "Clients of HTTP/1.0, and those who ask for it, see the connection end after their answer",
    arguments: [
      "GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n",
      "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: Close\r\n\r\n",
      "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 9\r\n\r\n1234",
    ])
  func notPersistent(_ request: String) async throws {
    try await RunningGateway.run { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send(request)
        return await connection.replies()
      }
      #expect(replies.count == 1)
      #expect(replies.first?["connection"] == "close")
    }
  }

  @Test("Clients of HTTP/1.0 that ask to keep the connection are told that it is kept")
  func keptAlive() async throws {
    try await RunningGateway.run { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        for _ in 0..<2 {
          try await connection.send("GET /livez HTTP/1.0\r\nHost: localhost\r\nConnection: Keep-Alive\r\n\r\n")
        }
        return await connection.replies(atMost: 2)
      }
      #expect(replies.map(\.status) == [200, 200])
      #expect(replies.map { $0["connection"] } == ["keep-alive", "keep-alive"])
    }
  }

  @Test("A client that has said all it has to say still gets its answer")
  func halfClosed() async throws {
    try await RunningGateway.run { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.finish()
        return await connection.replies()
      }
      #expect(replies.map(\.status) == [200])
    }
  }

  @Test("Other names of this machine can be allowed")
  func allowedHosts() async throws {
    var settings = GatewaySettings()
    settings.allowedHosts = ["tasks.internal"]
    try await RunningGateway.run(settings) { gateway in
      for (host, status) in [
        ("tasks.internal:8000", 200), ("[::1]:8000", 200), ("LocalHost", 200), ("127.9.9.9", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403), ("localhost.evil.example", 403),
      ] {
        let replies = try await RawConnection.open(to: gateway.port) { connection in
          try await connection.send("GET /livez HTTP/1.1\r\nHost: \(host)\r\n\r\n")
          return await connection.replies(atMost: 1)
        }
        #expect(replies.map(\.status) == [status], "\(host)")
      }
    }
  }
}
