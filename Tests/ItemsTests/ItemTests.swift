import CelerityCore
import CelerityJSON
import CelerityTesting
import Testing

@testable import Items

@Suite struct ItemTests {
  private let platform = TestPlatform()

  @Test("S3.04: a created item is answered with its id of 24 hex digits, its fields and its times")
  func create() async throws {
    let answer = try await platform.call(
      "POST", "/api/items", #"{"name": "Lamp", "description": null, "metadata": {"a": [1, "é\n"]}, "id": "mine"}"#)
    #expect(answer.status == 201)
    #expect(answer.body.names == ["id", "name", "description", "metadata", "created_at", "updated_at"])
    let id = try answer.body.text("id")
    #expect(id.wholeMatch(of: /[0-9a-f]{24}/) != nil)
    #expect(try answer.body.text("name") == "Lamp")
    #expect(answer.body["description"] == .null)
    #expect(answer.body["metadata"]?.description == #"{"a": [1, "é\n"]}"#)
    #expect(try answer.body.text("created_at") == "2026-11-21T05:00:00.000000Z")
    #expect(answer.body["created_at"] == answer.body["updated_at"])
    #expect(answer.headers["Location"] == "/api/items/\(id)")
    #expect(answer.headers["ETag"] == "\"1\"")
    let found = try await platform.call("GET", "/api/items/\(id)")
    #expect(found.status == 200)
    #expect(found.body == answer.body)
    #expect(try await platform.call("GET", "/api/items/\(id.uppercased())").body == answer.body)
  }

  @Test("S3.04: lengths count in code points, and the longest are taken")
  func longest() async throws {
    let name = String(repeating: "👩‍🚀", count: 33)  // of three code points each
    let description = String(repeating: "é", count: 500)
    let body = RawJSON.object([("name", .string(name)), ("description", .string(description))])
    let answer = try await platform.call("POST", "/api/items", body.description)
    #expect(answer.status == 201)
    #expect(try answer.body.text("name") == name)
    #expect(answer.body["metadata"] == .emptyObject)
  }

  @Test(
    "S3.04: what does not fit is 422 and names the field; S3.09: in the service's envelope",
    arguments: [
      ("{}", "name"), (#"{"name": ""}"#, "name"), (#"{"name": null}"#, "name"), (#"{"name": 1}"#, "name"),
      (#"{"name": "\#(String(repeating: "x", count: 101))"}"#, "name"),
      (#"{"name": "a", "description": "\#(String(repeating: "x", count: 501))"}"#, "description"),
      (#"{"name": "a", "description": 5}"#, "description"), (#"{"name": "a", "metadata": []}"#, "metadata"),
      (#"{"name": "a", "metadata": null}"#, "metadata"),
      (#"{"name": "a", "metadata": {"a": "\#(String(repeating: "x", count: 20_000))"}}"#, "metadata"),
    ])
  func refused(body: String, field: String) async throws {
    let answer = try await platform.call("POST", "/api/items", body)
    #expect(answer.status == 422)
    #expect(answer.body.names == ["error", "status_code", "detail"])
    #expect(answer.body["status_code"]?.int64Value == 422)
    #expect(answer.body["detail"]?.elements()?[0]["loc"]?.description == #"["body","\#(field)"]"#)
    #expect(try await platform.call("GET", "/api/items").body == .emptyArray)
  }

  @Test("S3.09: a body that is no JSON is 400, one that is no object 422")
  func malformed() async throws {
    let broken = try await platform.call("POST", "/api/items", "{...}")
    #expect(broken.status == 400)
    #expect(broken.body["status_code"]?.int64Value == 400)
    #expect(try await platform.call("POST", "/api/items", "[]").status == 422)
  }

  @Test(
    "S3.05: an unknown id is 404, and so is one that can't be an id",
    arguments: [
      "0123456789abcdef01234567", "x", "..%2F..%2Fetc", "zzzzzzzzzzzzzzzzzzzzzzzz", "0123456789abcdef012345678",
    ])
  func unknown(id: String) async throws {
    for (method, body) in [("GET", ""), ("PUT", #"{"name": "a"}"#), ("PATCH", "{}"), ("DELETE", "")] {
      let answer = try await platform.call(method, "/api/items/\(id)", body)
      #expect(answer.status == 404)
      #expect(answer.body.names == ["error", "status_code"])
    }
  }

  @Test("PUT replaces all, PATCH what it says; the time of creation and the id stay")
  func change() async throws {
    let id = try await platform.create("a")
    let created = try await platform.call("GET", "/api/items/\(id)").body
    platform.time.advance(by: .seconds(60))
    let patched = try await platform.call(
      "PATCH", "/api/items/\(id)", #"{"description": "new", "metadata": {"k": 1}}"#)
    #expect(patched.status == 200)
    #expect(patched.headers["ETag"] == "\"2\"")
    #expect(try patched.body.text("name") == "a")
    #expect(try patched.body.text("description") == "new")
    #expect(try patched.body.text("updated_at") == "2026-11-21T05:01:00.000001Z")
    let replaced = try await platform.call("PUT", "/api/items/\(id)", #"{"name": "b"}"#)
    #expect(replaced.status == 200)
    #expect(try replaced.body.text("name") == "b")
    #expect(replaced.body["description"] == .null)
    #expect(replaced.body["metadata"] == .emptyObject)
    #expect(replaced.body["id"] == created["id"])
    #expect(replaced.body["created_at"] == created["created_at"])
    #expect(try await platform.call("PUT", "/api/items/\(id)", "{}").status == 422)
    #expect(try await platform.call("GET", "/api/items/\(id)").body == replaced.body)
    let cleared = try await platform.call("PATCH", "/api/items/\(id)", #"{"description": null}"#)
    #expect(cleared.body["description"] == .null)
  }

  @Test("A deleted item is gone for good")
  func delete() async throws {
    let id = try await platform.create("a")
    #expect(try await platform.call("DELETE", "/api/items/\(id)").status == 204)
    #expect(try await platform.call("DELETE", "/api/items/\(id)").status == 404)
    #expect(try await platform.call("GET", "/api/items").body == .emptyArray)
  }

  @Test("Of two changes at the same time none is lost, and a deletion is not undone by a change")
  func concurrency() async throws {
    let id = try await platform.create("a")
    platform.documents.afterRead { [platform] in
      try await platform.call("PATCH", "/api/items/\(id)", #"{"description": "other"}"#)
    }
    let changed = try await platform.call("PATCH", "/api/items/\(id)", #"{"metadata": {"mine": true}}"#)
    #expect(try changed.body.text("description") == "other")
    #expect(changed.body["metadata"]?.description == #"{"mine": true}"#)
    #expect(changed.headers["ETag"] == "\"3\"")
    platform.documents.afterRead { [platform] in try await platform.call("DELETE", "/api/items/\(id)") }
    #expect(try await platform.call("PATCH", "/api/items/\(id)", #"{"name": "back"}"#).status == 404)
    #expect(try await platform.call("GET", "/api/items/\(id)").status == 404)
  }

  @Test("If-Match guards a change", arguments: ["PATCH", "DELETE"])
  func condition(method: String) async throws {
    let id = try await platform.create("a")
    for tag in ["\"2\"", "1", "W/\"1\"", ""] {
      let refused = try await platform.call(method, "/api/items/\(id)", #"{"name": "b"}"#, headers: ["if-match": tag])
      #expect(refused.status == 412)
    }
    for tag in ["\"7\" , \"1\"", "*"] where method == "PATCH" || tag == "*" {
      let done = try await platform.call(method, "/api/items/\(id)", #"{"name": "b"}"#, headers: ["if-match": tag])
      #expect(done.status == (method == "PATCH" ? 200 : 204))
    }
  }

  @Test("A store that can't be asked is 503 with a time to try again")
  func storeAway() async throws {
    platform.documents.fail()
    for (method, path, body) in [
      ("GET", "/api/items", ""), ("POST", "/api/items", #"{"name": "a"}"#),
      ("GET", "/api/items/0123456789abcdef01234567", ""),
    ] {
      let answer = try await platform.call(method, path, body)
      #expect(answer.status == 503)
      #expect(answer.headers["Retry-After"] != nil)
    }
  }
}
