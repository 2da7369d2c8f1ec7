import CelerityCore
import CelerityJSON
import Testing

@testable import CeleryWire

@Suite("What is known of a message that can't run") struct FaultTests {
  private static let headers =
    #""task": "t", "root_id": "r", "parent_id": "p", "group": "g", "group_index": 3, "ignore_result": true"#
  private static let embed =
    #"{"callbacks": null, "errbacks": [{"task": "e"}], "chain": [{"task": "second"}, {"task": "first"}], "chord": {"task": "body"}}"#

  private func fault(_ headers: String, body: String, type: String = "application/json") throws -> WireFault {
    let envelope = RawJSON.object([
      ("body", .string(body)), ("content-type", .string(type)),
      ("headers", try RawJSON(validating: "{\(Self.headers), \(headers)}")),
      ("properties", try RawJSON(validating: #"{"reply_to": "oid"}"#)),
    ])
    return try #require(
      #expect(throws: WireFault.self) {
        try MessageReader().message(try Envelope(envelope.bytes), queue: "q")
      })
  }

  @Test(
    "wrong values leave everything else readable",
    arguments: [
      (#""id": "i", "eta": "soon""#, "[[], {}, \(embed)]"), (#""id": "i", "expires": 5"#, "[[], {}, \(embed)]"),
      (#""id": "i""#, "[[], [], \(embed)]"), (#""id": "i""#, "[{}, {}, \(embed)]"),
    ])
  func values(_ headers: String, _ body: String) throws {
    let fault = try fault(headers, body: body)
    #expect(fault.kind == .invalid)
    #expect(fault.id == "i")
    #expect(fault.task == "t")
    #expect(fault.context.replyTo == "oid")
    #expect(fault.context.rootID == "r")
    #expect(fault.context.parentID == "p")
    #expect(fault.context.group == .init(id: "g", index: 3))
    #expect(fault.context.chord == Signature(task: "body"))
    #expect(fault.context.errbacks == [Signature(task: "e")])
    #expect(fault.context.chain.map(\.task) == ["first", "second"])
    #expect(fault.context.ignoreResult == true)
    #expect(fault.taskFailure.type == "ValueError")
    #expect(fault.taskFailure.module == "builtins")
  }

  @Test("a body that can't be read leaves what the headers say") func body() throws {
    for (body, type) in [("gASVBgAAAAAAAAA=", "application/x-python-serialize"), ("{", "application/json")] {
      let fault = try fault(#""id": "i""#, body: body, type: type)
      #expect(fault.id == "i")
      #expect(fault.context.group == .init(id: "g", index: 3))
      #expect(fault.context.chord == nil)
      #expect(fault.taskFailure.module == "kombu.exceptions")
    }
  }

  @Test("an id that no task can have is told as it was written") func id() throws {
    let long = String(repeating: "x", count: 300)
    let fault = try fault(#""id": "\#(long)""#, body: "[[], {}, \(Self.embed)]")
    #expect(fault.kind == .invalid)
    #expect(fault.id == long)
    #expect(try self.fault(#""id": 5"#, body: "[[], {}, {}]").id == nil)
  }

  @Test("an envelope whose body is no base64 is known by its headers") func envelope() throws {
    let text = #"{"headers": {"id": "i", "task": "t"}, "properties": {"body_encoding": "base64"}, "body": "%"}"#
    let fault = #expect(throws: WireFault.self) { try Envelope(Array(text.utf8)) }
    #expect(fault?.id == "i")
    #expect(fault?.taskFailure.type == "DecodeError")
  }

  @Test("protocol 1 is known by its body") func protocol1() throws {
    let text =
      #"{"headers": {}, "content-type": "application/json", "body": "{\"id\": \"i\", \"task\": \"t\", \"args\": 5, \"taskset\": \"g\", \"chord\": {\"task\": \"b\"}}"}"#
    let fault = #expect(throws: WireFault.self) {
      try MessageReader().message(try Envelope(Array(text.utf8)), queue: "q")
    }
    #expect(fault?.id == "i")
    #expect(fault?.context.group == .init(id: "g", index: .max))
    #expect(fault?.context.chord?.task == "b")
  }
}
