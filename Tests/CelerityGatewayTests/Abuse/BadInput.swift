import Testing

/// A request that must be refused, and how.
struct BadInput: Sendable, CustomTestStringConvertible {
  var name: String
  var bytes: [UInt8]
  var status: Int
  var code: String

  var testDescription: String { name }

  init(_ name: String, _ bytes: [UInt8], is status: Int, _ code: String) {
    self.name = name
    self.bytes = bytes
    self.status = status
    self.code = code
  }

  /// A request by its first line and fields; a `Host` field is added.
  static func request(
    _ name: String, _ line: String, _ fields: [String] = [], body: [UInt8] = [], is status: Int, _ code: String
  ) -> BadInput {
    let head = ([line + " HTTP/1.1", "Host: 127.0.0.1"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    return BadInput(name, Array(head.utf8) + body, is: status, code)
  }

  /// A body for `POST /v1/tasks`.
  static func body(_ name: String, _ body: [UInt8], is status: Int, _ code: String) -> BadInput {
    request(
      name, "POST /v1/tasks", ["Content-Type: application/json", "Content-Length: \(body.count)"], body: body,
      is: status,
      code)
  }

  /// A body for `POST /v1/tasks`.
  static func body(_ name: String, _ body: String, is status: Int, _ code: String) -> BadInput {
    self.body(name, Array(body.utf8), is: status, code)
  }

  /// A field beside a well-formed `task`.
  static func field(_ name: String, _ field: String, is status: Int = 422, _ code: String = "invalid-request")
    -> BadInput
  {
    body(name, "{\"task\": \"demo.echo\", \"args\": [1], \(field)}", is: status, code)
  }

  /// All of them.
  static let all: [BadInput] = [
    framing, targets, heads, media, texts, shapes, fields, arguments, identifiers, bulk, verbs, searches, schedules,
  ]
  .flatMap { $0 }

  /// A text again and again.
  static func filler(_ count: Int, _ text: String = "a") -> String { String(repeating: text, count: count) }
}
