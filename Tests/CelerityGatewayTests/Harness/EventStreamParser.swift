/// An event as a browser would fire it.
struct SeenEvent: Sendable, Hashable {
  var name: String
  var data: String
  /// The last event id at that time.
  var id: String
}

/// Reads an event stream by the letter of WHATWG HTML, 9.2.5 and 9.2.6, in pieces of any length.
struct EventStreamParser: Sendable {
  private(set) var lastEventID = ""
  private(set) var retry: Int?
  private(set) var comments: [String] = []
  private var line: [UInt8] = []
  private var hasReturn = false
  private var idBuffer = ""
  private var name = ""
  private var data: [String] = []

  /// The events that these bytes complete.
  mutating func append(_ bytes: some Sequence<UInt8>) -> [SeenEvent] {
    var events: [SeenEvent] = []
    for byte in bytes {
      if byte == 0x0A, hasReturn {
        hasReturn = false
        continue
      }
      hasReturn = byte == 0x0D
      guard byte == 0x0A || byte == 0x0D else {
        line.append(byte)
        continue
      }
      if let event = process() { events.append(event) }
      line = []
    }
    return events
  }

  private mutating func process() -> SeenEvent? {
    guard let first = line.first else { return dispatch() }
    if first == 0x3A {
      comments.append(Self.text(line.dropFirst()))
      return nil
    }
    let colon = line.firstIndex(of: 0x3A)
    let field = Self.text(line[..<(colon ?? line.endIndex)])
    let value = colon.map { Self.text(line[($0 + 1)...]) } ?? ""
    switch field {
    case "event": name = value
    case "data": data.append(value)
    case "id": if !value.utf8.contains(0) { idBuffer = value }
    case "retry": if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { retry = Int(value) }
    default: break
    }
    return nil
  }

  private mutating func dispatch() -> SeenEvent? {
    lastEventID = idBuffer
    defer { (name, data) = ("", []) }
    // "If the data buffer is an empty string": one empty data field makes a line feed, which is not empty.
    guard !data.isEmpty else { return nil }
    return SeenEvent(
      name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"), id: lastEventID)
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.first == 0x20 ? bytes.dropFirst() : bytes, as: UTF8.self)
  }
}
