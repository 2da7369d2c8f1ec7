import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Foundation
import Testing

@Suite struct WaitTests {
  private static let three = RawJSON(unchecked: Array("3".utf8))

  @Test("A result that is there is answered at once")
  func ready() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      try await gateway.settle(.success(Self.three))
      let reply = try await gateway.get("/v1/tasks/\(id)/result?wait=30")
      #expect(reply.status == 200)
      #expect(reply.text == #"{"id":"\#(id)","state":"SUCCESS","result":3}"#)
      #expect(reply.body.last == UInt8(ascii: "\n") && reply["content-length"] == "\(reply.body.count)")
    }
  }

  @Test("A failure is a result too: 200 with the error")
  func failure() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      try await gateway.settle(.failure(TaskFailure(type: "ValueError", module: "builtins", message: "no")))
      let reply = try await gateway.get("/v1/tasks/\(id)/result")
      #expect(reply.status == 200)
      #expect(reply.string("state") == "FAILURE")
      #expect(reply.json["error"]?["type"]?.stringValue == "ValueError")
      #expect(reply.json["error"]?["message"]?.stringValue == "no")
      #expect(reply.json["result"] == nil)
    }
  }

  @Test("Without waiting, what has not ended is 202 with its progress")
  func pending() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      let reply = try await gateway.get("/v1/tasks/\(id)/result")
      #expect(reply.status == 202)
      #expect(reply.string("state") == "PENDING")
      #expect(reply.json["progress"] == .null)
      #expect(reply["retry-after"] == "1")
    }
  }

  @Test("Who waits is woken by the end of the task")
  func woken() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      let id = try await gateway.submit()
      async let waiting = gateway.get("/v1/tasks/\(id)/result?wait=30")
      await time.waitForSleepers(2)  // the health monitor and the request
      try await gateway.settle(.success(Self.three))
      #expect(try await waiting.status == 200)
    }
  }

  @Test("Who waits in vain is answered 202 when the time is over")
  func waitedInVain() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      let id = try await gateway.submit()
      async let waiting = gateway.get("/v1/tasks/\(id)/result?wait=2.5")
      await time.waitForSleepers(2)
      time.advance(by: .seconds(3))
      #expect(try await waiting.status == 202)
    }
  }

  @Test("Who has gone is not waited for", arguments: [true, false])
  func clientLeft(submits: Bool) async throws {
    let time = TestTime()
    let book = LogBook()
    try await RunningGateway.run(GatewaySettings(logsRequests: true), time: time, logger: book.logger) { gateway in
      let id = try await gateway.submit()
      let body = #"{"task": "demo.add", "args": [1]}"#
      try await RawConnection.open(to: gateway.port) { connection in
        let head = submits ? "POST /v1/tasks" : "GET /v1/tasks/\(id)/result?wait=30"
        let fields = submits ? "Prefer: wait=30\r\nContent-Length: \(body.utf8.count)\r\n" : ""
        try await connection.send("\(head) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n\(submits ? body : "")")
        await time.waitForSleepers(2)  // the health monitor and the request
        connection.finish()
        // No time passes, so without the client's word it would be held for ever.
        let reply = try #require(await connection.replies(atMost: 1).first)
        #expect(reply.status == 202)
      }
      let line = await book.lines(2)[1]
      #expect(line["client_gone"] == "true")
      #expect(line["operation"] == (submits ? "submitTask" : "taskResult"))
    }
  }

  @Test(
    "A time to wait is a plain decimal number", arguments: ["0x1", "+1", "1e0", "-0", "inf", "nan", " 1", "1_0", "."])
  func strangeWaits(_ text: String) async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      let query = try #require(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
      try await gateway.get("/v1/tasks/\(id)/result?wait=\(query)").expectProblem(400, "invalid-parameter")
    }
  }

  @Test("Prefer: wait answers the ended task with 200 and says that it was heeded")
  func preferDone() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      async let waiting = gateway.post(
        "/v1/tasks", #"{"task": "demo.add", "args": [1, 2]}"#, headers: [("Prefer", "respond-async, wait=100")])
      await time.waitForSleepers(2)
      try await gateway.settle(.success(Self.three))
      let reply = try await waiting
      #expect(reply.status == 200)
      #expect(reply["preference-applied"] == "wait=30")
      #expect(reply.string("state") == "SUCCESS")
      #expect(reply.json["result"] == Self.three)
      #expect(reply["location"] == reply.json["links"]?["self"]?.stringValue)
    }
  }

  @Test("Prefer: wait answers 202 when the task does not end in time")
  func preferInVain() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      async let waiting = gateway.post(
        "/v1/tasks", #"{"task": "demo.add", "args": [1, 2]}"#, headers: [("Prefer", "wait=1")])
      await time.waitForSleepers(2)
      time.advance(by: .seconds(1))
      let reply = try await waiting
      #expect(reply.status == 202)
      #expect(reply["preference-applied"] == "wait=1")
      #expect(reply.string("state") == "PENDING")
    }
  }

  @Test(
    "A preference that makes no sense is ignored", arguments: ["wait", "wait=soon", "wait=-1", "return=minimal", ""])
  func preferNonsense(_ field: String) async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post(
        "/v1/tasks", #"{"task": "demo.add", "args": [1]}"#, headers: [("Prefer", field)])
      #expect(reply.status == 202)
      #expect(reply["preference-applied"] == nil)
    }
  }
}
