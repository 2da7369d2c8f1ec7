import CelerityCore
import CelerityJSON
import Testing

@testable import CeleryWire

@Suite("Results on Celery's wire") struct ResultTests {
  private func record(_ state: TaskState) -> TaskRecord {
    var message = TaskMessage(id: TaskID(stored: "i"), task: "shop.ship", queue: "q", args: .array([.integer(1)]))
    message.extras.group = .init(id: "g", index: 0)
    message.extras.parentID = "p"
    var record = TaskRecord(accepting: message, at: Timestamp(seconds: 1_795_237_200))
    record.state = state
    record.worker = "w@h"
    record.finished = Timestamp("2026-11-21T05:00:01.5Z")
    return record
  }

  @Test("every captured result is read and written again with the same members in the same order") func captured()
    throws
  {
    var extended = 0
    for sample in try Captured.file("results") {
      let meta = try #require(ResultMeta(sample))
      let again = try #require(ResultMeta(meta.json))
      #expect(again == meta)
      #expect(meta.json.members()?.map(\.name) == sample.members()?.map(\.name))
      for member in meta.json.members() ?? [] {
        #expect(sample[member.name].map(compact) == compact(member.value), "\(member.name)")
      }
      if meta.request != nil { extended += 1 }
    }
    #expect(extended >= 3)
  }

  @Test("a Python exception is read with its type, module and arguments") func exceptions() throws {
    let json = try RawJSON(
      validating:
        #"{"status": "FAILURE", "result": {"exc_type": "MyError", "exc_message": [42, "why"], "exc_module": "wapp"}, "traceback": "T\n", "task_id": "i"}"#
    )
    let failure = try #require(ResultMeta(json)?.failure)
    #expect(failure.type == "MyError")
    #expect(failure.module == "wapp")
    #expect(failure.message == "42, why")
    #expect(failure.traceback == "T\n")
    #expect(WireException.failure(WireException.json(failure), traceback: "T\n") == failure)
  }

  @Test("an old exception with one text is read") func oldException() throws {
    let json = try RawJSON(validating: #"{"exc_type": "E", "exc_message": "bad", "exc_module": null}"#)
    let failure = try #require(WireException.failure(json, traceback: nil))
    #expect(failure.arguments == [.string("bad")])
    #expect(failure.module == nil)
  }

  @Test(
    "a revoked task says why in Celery's word", arguments: [nil, "revoked", "terminated", "expired", "purged"])
  func revoked(_ reason: String?) throws {
    var record = record(.revoked)
    record.reason = reason
    let meta = try #require(ResultMeta(record))
    #expect(meta.failure?.type == "TaskRevokedError")
    #expect(meta.failure?.module == "celery.exceptions")
    #expect(meta.failure?.arguments == [.string(reason ?? "revoked")])
    #expect(meta.traceback == nil)
    #expect(meta.isReady)
  }

  @Test("a failure of ours is an exception in every case") func failures() throws {
    for failure in [nil, TaskFailure.timeLimitExceeded(5), .softTimeLimitExceeded(2), .notRegistered("t")] {
      var record = record(.failure)
      record.failure = failure
      let meta = try #require(ResultMeta(record))
      #expect(meta.failure?.type == failure?.type ?? "Exception")
      #expect(meta.failure?.arguments == failure?.arguments ?? [.string("failed")])
    }
    #expect(ResultMeta(record(.retry))?.failure?.type == "Retry")
  }

  @Test("states that Celery never stores have no record, custom ones are never ready") func states() throws {
    #expect(ResultMeta(record(.pending)) == nil)
    #expect(ResultMeta(record(.received)) == nil)
    var progress = record(.progress)
    progress.progress = .object([("done", .integer(1))])
    let meta = try #require(ResultMeta(progress))
    #expect(meta.status == "PROGRESS")
    #expect(meta.result == progress.progress)
    #expect(meta.dateDone == nil)
    #expect(!meta.isReady)
    let started = try #require(ResultMeta(record(.started), pid: 7))
    #expect(started.result.description == #"{"pid":7,"hostname":"w@h"}"#)
    #expect(ResultMeta(id: "i", status: "HALF_DONE", result: .true).json["status"] == .string("HALF_DONE"))
  }

  @Test("the extended record tells what was asked for") func extended() throws {
    var record = record(.success)
    record.result = RawJSON(unchecked: Array("1.50".utf8))
    record.message.extras.stampedHeaders = ["mine", "status"]
    record.message.extras.stamps = ["mine": .string("v"), "status": .string("no"), "unnamed": .null]
    let meta = try #require(ResultMeta(record, extended: true))
    #expect(
      meta.json.description
        == #"{"status":"SUCCESS","result":1.50,"traceback":null,"children":[],"date_done":"2026-11-21T05:00:01.500000+00:00","group_id":"g","parent_id":"p","name":"shop.ship","args":[1],"kwargs":{},"worker":"w@h","retries":0,"queue":"q","stamped_headers":["mine","status"],"mine":"v","task_id":"i"}"#
    )
  }

  @Test(
    "result tuples are read and written as Python's",
    arguments: [
      #"[["a",null],null]"#, #"[["a",[["b",[["c",null],null]],null]],null]"#,
      #"[["g",[["p",null],null]],[[["a",null],null],[["h",null],[]]]]"#,
    ])
  func tuples(_ text: String) throws {
    let json = try RawJSON(validating: text)
    #expect(ResultTuple(json)?.json == json)
  }

  @Test(
    "other forms of result tuples",
    arguments: [
      (#"["a", null]"#, true), (#"[["a"], null]"#, true), (#"[["a", "p"], null]"#, true), ("[]", false),
      (#"[[1, null], null]"#, false), (#"[["a", null], [5]]"#, false), ("7", false),
    ])
  func looseTuples(_ text: String, _ isRead: Bool) throws {
    #expect((ResultTuple(try RawJSON(validating: text))?.id == "a") == isRead)
  }

  @Test("children are values too") func children() throws {
    var meta = ResultMeta(id: "i", status: "SUCCESS")
    #expect(meta.childResults.isEmpty)
    meta.childResults = [ResultTuple("a"), ResultTuple("g", members: [ResultTuple("b", parent: ResultTuple("p"))])]
    let again = try #require(ResultMeta(meta.json))
    #expect(again.childResults == meta.childResults)
    #expect(again.childResults[1].members?.first?.parent?.id == "p")
  }

  @Test("a saved group is read and written") func savedGroup() throws {
    let text = #"{"result":[["g",null],[[["a",null],null],[["b",null],null]]]}"#
    let json = try RawJSON(validating: text)
    let group = try #require(ResultTuple(savedGroup: json))
    #expect(group.members?.map(\.id) == ["a", "b"])
    #expect(group.savedGroup == json)
    #expect(ResultTuple(savedGroup: .object([("result", ResultTuple("a").json)])) == nil)
  }

  @Test("the end of a chord's member is read and written, and fails the body in Python's words") func chordParts()
    throws
  {
    let text = #"[1,"a","FAILURE",{"exc_type":"ValueError","exc_message":["x"],"exc_module":"builtins"}]"#
    let part = try #require(ChordPart(try RawJSON(validating: text)))
    #expect(part.json.description == text)
    #expect(part.isFailed)
    #expect(part.chordFailure.message == "Dependency a raised ValueError('x')")
    #expect(part.chordFailure.type == "ChordError")
    let good = ChordPart(ResultMeta(id: "b", status: "SUCCESS", result: RawJSON(unchecked: Array("1e2".utf8))))
    #expect(good.json.description == #"[1,"b","SUCCESS",1e2]"#)
    #expect(!good.isFailed && good.failure == nil)
    #expect(ChordPart(.array([.integer(1)])) == nil)
  }

  @Test("a compressed result is read, and a cut one refused") func compressed() throws {
    let record = ResultMeta(id: "i", status: "SUCCESS", result: .string("x"))
    let stored = try #require(try ResultMeta(stored: record.json.bytes))
    #expect(stored == record)
    let marker: [UInt8] = [0] + Array("celery-compressed".utf8) + [0] + Array("application/x-gzip".utf8) + [0]
    let body = try #require(Base64.bytes(Array(ContentTests.packed[0].1.utf8)[...]))
    #expect(try ResultPayload.json(marker + body).elements()?.first?.description == "[2, 3]")
    #expect(throws: WireFault.self) { try ResultPayload.json(marker + body.prefix(20)) }
    #expect(throws: WireFault.self) { try ResultPayload.json(marker.dropLast()) }
    #expect(throws: WireFault.self) { try ResultPayload.json([0]) }
    #expect(try ResultPayload.json(Array("[NaN]".utf8)) == RawJSON.array([.null]))
    #expect(try ResultMeta(stored: Array("[1]".utf8)) == nil)
  }

  @Test("the keys are Celery's") func keys() {
    #expect(ResultKey.task("i") == "celery-task-meta-i")
    #expect(ResultKey.chord("g", .counted) == "celery-taskset-meta-g.d")
  }
}
