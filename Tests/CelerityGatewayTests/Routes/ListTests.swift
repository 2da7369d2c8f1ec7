import CelerityCore
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct ListTests {
  @Test("Pages follow each other, newest first, without gaps or repetition")
  func pages() async throws {
    try await RunningGateway.run { gateway in
      var sent: [String] = []
      for _ in 0..<5 { sent.append(try await gateway.submit().text) }
      var seen: [String] = []
      var path = "/v1/tasks?limit=2"
      var sizes: [Int] = []
      while true {
        let page = try await gateway.get(path)
        try #require(page.status == 200)
        let tasks = try #require(page.json["tasks"]?.elements())
        sizes.append(tasks.count)
        seen += tasks.compactMap { $0["id"]?.stringValue }
        #expect(page.json["has_more"]?.boolValue == (page.string("next_cursor") != nil))
        guard let cursor = page.string("next_cursor") else { break }
        path = "/v1/tasks?limit=2&cursor=\(cursor)"
      }
      #expect(seen == sent.reversed())
      #expect(sizes == [2, 2, 1])
    }
  }

  @Test("Filters narrow the list")
  func filters() async throws {
    try await RunningGateway.run { gateway in
      let sum = try await gateway.submit()
      let echo = try await gateway.submit(#"{"task": "demo.echo", "args": [1], "queue": "other"}"#)
      try await gateway.settle(.success(.null))
      let expected: [(String, [TaskID])] = [
        ("state=SUCCESS", [sum]), ("state=PENDING,SUCCESS", [echo, sum]), ("task=demo.echo", [echo]),
        ("queue=other", [echo]), ("queue=other&state=SUCCESS", []), ("state=REVOKED", []),
      ]
      for (query, ids) in expected {
        let page = try await gateway.get("/v1/tasks?\(query)")
        let found = page.json["tasks"]?.elements()?.compactMap { $0["id"]?.stringValue }
        #expect(found == ids.map(\.text), "\(query)")
      }
    }
  }

  @Test("A cursor fits only the filters it was made for, and only undamaged")
  func cursors() async throws {
    try await RunningGateway.run { gateway in
      for _ in 0..<3 { _ = try await gateway.submit() }
      let cursor = try #require(try await gateway.get("/v1/tasks?limit=1").string("next_cursor"))
      #expect(try await gateway.get("/v1/tasks?limit=2&cursor=\(cursor)").status == 200)
      for path in ["/v1/tasks?queue=sums&cursor=\(cursor)", "/v1/tasks?cursor=1\(cursor)", "/v1/tasks?cursor="] {
        try await gateway.get(path).expectProblem(400, "invalid-cursor")
      }
    }
  }

  @Test("A mistyped parameter is refused with the one it was meant to be")
  func mistyped() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.get("/v1/tasks?stats=PENDING")
      reply.expectProblem(400, "unknown-parameter")
      #expect(reply.string("hint") == "did you mean 'state'?")
      let state = try await gateway.get("/v1/tasks?state=PENDNG")
      #expect(state.string("hint") == "did you mean 'PENDING'?")
    }
  }
}
