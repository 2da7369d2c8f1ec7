import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct BulkTests {
  private static let lines = [("Content-Type", "application/x-ndjson")]

  private static func item(_ number: Int) -> String { #"{"task": "demo.add", "args": [\#(number), 2]}"# }

  private static func array(_ count: Int) -> String {
    "[" + (0..<count).map(item).joined(separator: ",\n") + "]"
  }

  @Test("An array is accepted item by item, in order")
  func array() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/tasks:bulk", Self.array(3))
      #expect(reply.status == 202, "\(reply.text)")
      #expect(reply.json["accepted"]?.int64Value == 3)
      #expect(reply.json["refused"]?.int64Value == 0)
      let items = try #require(reply.json["items"]?.elements())
      #expect(items.map { $0["index"]?.int64Value } == [0, 1, 2])
      for (number, item) in items.enumerated() {
        #expect(item["status"]?.int64Value == 202)
        #expect(item["state"]?.stringValue == "PENDING")
        #expect(item["queue"]?.stringValue == "sums")
        let message = try await gateway.message(TaskID(stored: item["id"]?.stringValue ?? ""))
        #expect(message.args.description == "[\(number), 2]")
        #expect(message.priority == .high)
        #expect(message.extras.timeLimit == 60)
      }
    }
  }

  @Test(
    "Lines are accepted too, whatever ends them, and empty ones are not counted",
    arguments: ["application/x-ndjson", "application/jsonl; charset=utf-8", nil])
  func lines(_ type: String?) async throws {
    try await RunningGateway.run { gateway in
      let body = "\n" + Self.item(0) + "\r\n \t\r\n" + Self.item(1) + "\n" + Self.item(2)
      let reply =
        if let type {
          try await gateway.post("/v1/tasks:bulk", body, headers: [("Content-Type", type)])
        } else {
          try await gateway.postUntyped("/v1/tasks:bulk", body)
        }
      #expect(reply.status == 202, "\(reply.text)")
      #expect(reply.json["accepted"]?.int64Value == 3)
    }
  }

  @Test("Without a media type an array is known by its bracket")
  func untypedArray() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.postUntyped("/v1/tasks:bulk", " \n" + Self.array(2))
      #expect(reply.json["accepted"]?.int64Value == 2, "\(reply.text)")
    }
  }

  @Test("Items that can't be taken are told one by one, and the others go on")
  func mixed() async throws {
    try await RunningGateway.run { gateway in
      let body = """
        [\(Self.item(0)), {"task": "demo.ad", "args": [1]}, 7, {"task": "demo.add", "args": [-1], "que": 1}, \
        {"task": "demo.add", "args": [-1]}, \(Self.item(5))]
        """
      let reply = try await gateway.post("/v1/tasks:bulk", body)
      #expect(reply.status == 207)
      #expect(reply.json["accepted"]?.int64Value == 2)
      #expect(reply.json["refused"]?.int64Value == 4)
      let items = try #require(reply.json["items"]?.elements())
      #expect(items.map { $0["status"]?.int64Value } == [202, 404, 422, 422, 422, 202])
      #expect(
        items.map { $0["error"]?["code"]?.stringValue }
          == [nil, "unknown-task", "invalid-request", "unknown-field", "invalid-arguments", nil])
      let error = try #require(items[4]["error"])
      #expect(error["type"]?.stringValue == "/problems/invalid-arguments")
      #expect(error["title"]?.stringValue == "Invalid arguments")
      #expect(error["errors"]?.elements()?.first?["pointer"]?.stringValue == "/args/0")
      #expect(error["trace_id"]?.stringValue?.utf8.count == 32)
      #expect(try await gateway.store.queues(of: nil).map(\.depth) == [2])
    }
  }

  @Test("A broken line is refused alone, with its number")
  func brokenLine() async throws {
    try await RunningGateway.run { gateway in
      let body = "\(Self.item(0))\n\n{\"task\": \n\(Self.item(1))\n"
      let reply = try await gateway.post("/v1/tasks:bulk", body, headers: Self.lines)
      #expect(reply.status == 207)
      let items = try #require(reply.json["items"]?.elements())
      #expect(items.map { $0["status"]?.int64Value } == [202, 400, 202])
      #expect(items[1]["error"]?["code"]?.stringValue == "malformed-json")
      #expect(items[1]["error"]?["detail"]?.stringValue?.hasPrefix("line 3 ") == true)
    }
  }

  @Test(
    "Every line may be broken in its own way", arguments: ["{", "\u{FEFF}{}", #"{"a":1,"a":2}"#, "NaN", "[[]", "1 2"])
  func brokenLines(_ line: String) async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/tasks:bulk", line + "\n" + Self.item(0), headers: Self.lines)
      let items = try #require(reply.json["items"]?.elements(), "\(reply.text)")
      #expect(items.map { $0["status"]?.int64Value } == [400, 202])
    }
  }

  @Test("Nothing at all is accepted as nothing", arguments: ["[]", " [ ] "])
  func empty(_ body: String) async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/tasks:bulk", body)
      #expect(reply.status == 202)
      #expect(reply.text == #"{"accepted":0,"refused":0,"items":[]}"#)
      let lines = try await gateway.post("/v1/tasks:bulk", "\n\n", headers: Self.lines)
      #expect(lines.text == reply.text)
    }
  }

  @Test("A fault in an array refuses all of it")
  func brokenArray() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/tasks:bulk", "[\(Self.item(0)), {\"task\": \"demo.add\",}]")
      reply.expectProblem(400, "malformed-json")
      #expect(reply.json["errors"]?.elements()?.first?["pointer"]?.stringValue == "/1")
      #expect(try await gateway.store.queues(of: nil).isEmpty)
    }
  }

  @Test("Ten thousand items are taken, one more is not", arguments: [true, false])
  func many(_ isArray: Bool) async throws {
    try await RunningGateway.run { gateway in
      let headers = isArray ? [] : Self.lines
      func body(_ count: Int) -> String {
        isArray ? Self.array(count) : (0..<count).map(Self.item).joined(separator: "\n")
      }
      let tooMany = try await gateway.post("/v1/tasks:bulk", body(10_001), headers: headers)
      tooMany.expectProblem(413, "too-many-items")
      #expect(try await gateway.store.queues(of: nil).isEmpty)
      let reply = try await gateway.post("/v1/tasks:bulk", body(10_000), headers: headers)
      #expect(reply.status == 202)
      #expect(reply.json["accepted"]?.int64Value == 10_000)
      let ids = try #require(reply.json["items"]?.elements()).compactMap { $0["id"]?.stringValue }
      #expect(Set(ids).count == 10_000)
      #expect(ids == ids.sorted(), "ids of our own grow with the order of items")
      #expect(try await gateway.store.queues(of: nil).map(\.depth) == [10_000])
    }
  }

  @Test("The limit of its body is its own")
  func bodyLimit() async throws {
    var settings = GatewaySettings()
    settings.limits.maximumBodyBytes = 2000
    settings.limits.maximumBulkBodyBytes = 20_000
    try await RunningGateway.run(settings) { gateway in
      #expect(try await gateway.post("/v1/tasks:bulk", Self.array(200)).status == 202)
      let long = try await gateway.post("/v1/tasks:bulk", Self.array(600))
      long.expectProblem(413, "payload-too-large")
      let single = #"{"task": "demo.echo", "args": ["\#(String(repeating: "a", count: 2000))"]}"#
      try await gateway.post("/v1/tasks", single).expectProblem(413, "payload-too-large")
    }
  }

  @Test("The answer stays small however much is wrong with the items")
  func manyIssues() async throws {
    try await RunningGateway.run { gateway in
      let fields = (0..<1000).map { #""f\#($0)":1"# }.joined(separator: ",")
      let body = "[" + Array(repeating: "{\(fields)}", count: 100).joined(separator: ",") + "]"
      let reply = try await gateway.post("/v1/tasks:bulk", body)
      #expect(reply.status == 207)
      #expect(reply.body.count < body.utf8.count)
      let errors = reply.json["items"]?.elements()?.first?["error"]?["errors"]?.elements()
      #expect(errors?.count == 10)
    }
  }

  @Test("Another media type is refused, naming those that are taken")
  func mediaType() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/tasks:bulk", "[]", headers: [("Content-Type", "text/csv")])
      reply.expectProblem(415, "unsupported-media-type")
      #expect(reply["accept-post"] == "application/json, application/x-ndjson, application/jsonl")
      let single = try await gateway.post("/v1/tasks", "{}", headers: Self.lines)
      single.expectProblem(415, "unsupported-media-type")
      #expect(single["accept-post"] == "application/json")
    }
  }
}

extension RunningGateway {
  /// Sends a body without saying what it is.
  func postUntyped(_ path: String, _ body: String) async throws -> Reply {
    let replies = try await RawConnection.open(to: port) { connection in
      try await connection.send(
        "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
      return await connection.replies(atMost: 1)
    }
    return try #require(replies.first)
  }
}
