import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import NIOHTTP1
import Testing

/// What holds for every route of `/v1`, found through the gateway's own description of itself.
@Suite struct EveryRouteTests {
  private static let methods: [HTTPMethod] = [.GET, .POST, .PUT, .PATCH, .DELETE]

  /// A way to ask wrongly: what it is called, and what to send.
  private struct Mistake: Sendable {
    var name: String
    /// The status that every operation answers; `nil` when that depends on the operation.
    var status: Int?
    var applies: @Sendable (Operation) -> Bool = { _ in true }
    var send: @Sendable (RunningGateway, Operation) async throws -> Reply
  }

  private static let mistakes: [Mistake] = [
    Mistake(name: "an unknown parameter", status: 400) { gateway, operation in
      try await gateway.send(operation.method, operation.path() + "?nonsense=1")
    },
    Mistake(name: "a broken escape in the query", status: 400) { gateway, operation in
      try await gateway.raw(operation, path: operation.path() + "?q=%zz")
    },
    Mistake(name: "a broken escape in the path", status: 400, applies: { $0.template.contains("{") }) {
      gateway, operation in
      try await gateway.raw(operation, path: operation.path("%zz"))
    },
    Mistake(name: "an unknown name", status: nil, applies: { $0.template.contains("{") }) { gateway, operation in
      try await gateway.send(operation.method, operation.path(), body: operation.body?.description)
    },
    Mistake(name: "another media type", status: 415, applies: { $0.method != .GET }) { gateway, operation in
      try await gateway.send(
        operation.method, operation.path(), headers: [("Content-Type", "text/csv")], body: "a,b")
    },
    Mistake(name: "a packed body", status: 415) { gateway, operation in
      try await gateway.raw(operation, path: operation.path(), ["Content-Encoding: gzip"])
    },
    Mistake(name: "half an object", status: 400, applies: { $0.body != nil }) { gateway, operation in
      try await gateway.send(operation.method, operation.path(), body: #"{"a":"#)
    },
    Mistake(name: "a number", status: 422, applies: { $0.body != nil }) { gateway, operation in
      try await gateway.send(operation.method, operation.path(), body: "7")
    },
    Mistake(name: "a long body", status: 413, applies: { $0.method != .GET }) { gateway, operation in
      try await gateway.send(operation.method, operation.path(), body: String(repeating: " ", count: 5000))
    },
    Mistake(name: "a foreign host", status: 403) { gateway, operation in
      try await gateway.send(operation.method, operation.path(), headers: [("Host", "evil.example")])
    },
    Mistake(name: "a proxy", status: 403) { gateway, operation in
      try await gateway.send(operation.method, operation.path(), headers: [("X-Forwarded-For", "203.0.113.7")])
    },
    Mistake(name: "an unknown expectation", status: 417) { gateway, operation in
      try await gateway.raw(operation, path: operation.path(), ["Expect: a miracle"])
    },
  ]

  @Test("Whatever is wrong, every route answers with a whole problem")
  func problems() async throws {
    var settings = GatewaySettings()
    settings.limits.maximumBodyBytes = 4000
    settings.limits.maximumBulkBodyBytes = 4000
    try await RunningGateway.run(settings) { gateway in
      let operations = try await Operation.all(gateway)
      #expect(operations.count >= 38, "the description names all routes")
      for operation in operations {
        for mistake in Self.mistakes where mistake.applies(operation) {
          let reply = try await mistake.send(gateway, operation)
          let place = "\(operation), \(mistake.name): \(reply.text.prefix(300))"
          #expect(mistake.status.map { $0 == reply.status } ?? (400..<500).contains(reply.status), "\(place)")
          reply.expectProblem(reply.status, reply.string("code") ?? place)
        }
      }
    }
  }

  @Test("A method that a path does not have is 405 with those that it has")
  func methods() async throws {
    try await RunningGateway.run { gateway in
      let operations = try await Operation.all(gateway)
      for (path, group) in Dictionary(grouping: operations, by: { $0.path() }) {
        let own = Set(group.map(\.method.rawValue))
        let allowed = own.union(own.contains("GET") ? ["HEAD"] : []).union(["OPTIONS"])
        for method in Self.methods + [.TRACE] where !own.contains(method.rawValue) {
          let reply = try await gateway.send(method, path)
          reply.expectProblem(405, "method-not-allowed")
          let named = reply["allow"]?.split(separator: ",").map { $0.drop { $0 == " " } }.map(String.init)
          #expect(Set(named ?? []) == allowed, "\(method) \(path)")
        }
        let options = try await gateway.send(.OPTIONS, path)
        #expect(options.status == 204)
      }
    }
  }

  @Test("HEAD is answered as GET is, without a body")
  func head() async throws {
    try await RunningGateway.run { gateway in
      for operation in try await Operation.all(gateway) where operation.method == .GET && !operation.isStream {
        let get = try await gateway.send(.GET, operation.path())
        let head = try await gateway.send(.HEAD, operation.path())
        #expect(head.status == get.status, "\(operation)")
        #expect(head["content-type"] == get["content-type"], "\(operation)")
        #expect(head["content-length"] == get["content-length"], "\(operation)")
        #expect(head["content-length"] == String(get.body.count), "\(operation)")
        #expect(head.body.isEmpty, "\(operation)")
      }
    }
  }

  @Test("Every answer carries the client's request id, and every problem its trace")
  func identifiers() async throws {
    let trace = "0af7651916cd43dd8448eb211c80319c"
    let headers = [("X-Request-ID", "mine-1"), ("traceparent", "00-\(trace)-b7ad6b7169203331-01")]
    try await RunningGateway.run { gateway in
      for operation in try await Operation.all(gateway) where !operation.isStream {
        let reply = try await gateway.send(operation.method, operation.path(), headers: headers)
        #expect(reply["x-request-id"] == "mine-1", "\(operation)")
        if reply.status >= 400 { #expect(reply.string("trace_id") == trace, "\(operation)") }
      }
    }
  }

  @Test("With a store that is away, every route that needs it answers 503 as a whole problem")
  func unreachable() async throws {
    try await RunningGateway.runUnreachable { gateway in
      var away = 0
      let operations = try await Operation.all(gateway)
      for operation in operations {
        let reply = try await gateway.send(operation.method, operation.path(), body: operation.body?.description)
        if reply.status == 503 { away += 1 }
        // Only a preview asks nobody; it misses its schedule.
        #expect(reply.status == 503 || operation.template == "/v1/schedules:next", "\(operation): \(reply.text)")
        reply.expectProblem(reply.status, reply.string("code") ?? "\(operation)")
      }
      #expect(away >= operations.count - 1)
    }
  }
}

extension RunningGateway {
  /// Sends a request without a body, fields as they stand.
  func raw(_ operation: Operation, path: String, _ fields: [String] = []) async throws -> Reply {
    let head = (["\(operation.method.rawValue) \(path) HTTP/1.1", "Host: localhost"] + fields).joined(separator: "\r\n")
    let replies = try await RawConnection.open(to: port) { connection in
      try await connection.send(head + "\r\n\r\n")
      return await connection.replies(atMost: 1)
    }
    return try #require(replies.first)
  }
}
