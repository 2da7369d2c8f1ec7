import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct SearchTests {
  private static func ids(_ reply: Reply, _ member: String = "tasks") -> [String] {
    reply.json[member]?.elements()?.compactMap { $0["id"]?.stringValue } ?? []
  }

  @Test("A search narrows the list and tells how much it looked at")
  func search() async throws {
    try await RunningGateway.run { gateway in
      let red = try await gateway.submit(#"{"task": "demo.echo", "args": ["ruby"], "tags": ["red"]}"#)
      let blue = try await gateway.submit(#"{"task": "demo.echo", "args": ["sapphire"], "tags": ["blue"]}"#)
      let expected: [(String, [TaskID])] = [
        ("tag:red", [red]), ("tag:red%20OR%20tag:blue", [blue, red]), ("sapphire", [blue]), ("-tag:red", [blue]),
        ("state:PENDING", [blue, red]), ("topaz", []), ("", [blue, red]),
      ]
      for (q, found) in expected {
        let reply = try await gateway.get("/v1/tasks?q=\(q)")
        #expect(Self.ids(reply) == found.map(\.text), "\(q)")
        #expect(reply.json["searched"]?.int64Value != nil, "\(q)")
      }
      #expect(try await gateway.get("/v1/tasks").json["searched"] == nil)
      let both = try await gateway.get("/v1/tasks?q=tag:red&task=demo.echo&state=PENDING&queue=default")
      #expect(Self.ids(both) == [red.text])
    }
  }

  @Test("A filter that can't be read is told with its place and what to write instead")
  func broken() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.get("/v1/tasks?q=tag:red%20stat:FAILURE")
      reply.expectProblem(400, "invalid-query")
      #expect(reply.string("detail")?.contains("at byte 8 of q") == true, "\(reply.text)")
      #expect(reply.string("hint")?.contains("state:") == true)
      for q in ["(", "tag:", #"%22"#, "state:NOPE", String(repeating: "a", count: 1025), "a%20OR"] {
        try await gateway.get("/v1/tasks?q=\(q)").expectProblem(400, "invalid-query")
        try await gateway.get("/v1/dead?reason=failed&q=\(q)").expectProblem(400, "invalid-query")
      }
    }
  }

  @Test("The Link field leads through all pages of a search, and its cursors fit no other search")
  func links() async throws {
    try await RunningGateway.run { gateway in
      var sent: [String] = []
      for number in 0..<5 {
        sent.append(try await gateway.submit(#"{"task": "demo.echo", "args": ["a b&c=\#(number)"]}"#).text)
      }
      var path: String? = "/v1/tasks?limit=2&q=%22a%20b%26c%22&task=demo.echo"
      var seen: [String] = []
      while let next = path {
        let page = try await gateway.get(next)
        try #require(page.status == 200, "\(page.text)")
        seen += Self.ids(page)
        path = page["link"].map { link in
          #expect(link.hasSuffix(#">; rel="next""#))
          return String(link.dropFirst().prefix { $0 != ">" })
        }
        #expect((path == nil) == (page.json["has_more"]?.boolValue == false))
      }
      #expect(seen == sent.reversed())
      let cursor = try #require(try await gateway.get("/v1/tasks?limit=2&q=a").string("next_cursor"))
      try await gateway.get("/v1/tasks?limit=2&q=b&cursor=\(cursor)").expectProblem(400, "invalid-cursor")
      try await gateway.get("/v1/tasks?limit=2&cursor=\(cursor)").expectProblem(400, "invalid-cursor")
      #expect(try await gateway.get("/v1/tasks?limit=2&q=a&cursor=\(cursor)").status == 200)
    }
  }
}
