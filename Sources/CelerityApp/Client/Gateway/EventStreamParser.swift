/// An event of a stream.
struct StreamEvent: Sendable, Hashable {
  var name = "message"
  var data = ""
}

/// Reads `text/event-stream` (WHATWG HTML, 9.2.6) from pieces of any size. What the stream may make us remember is
/// bounded.
struct EventStreamParser: Sendable {
  /// More than this between two blank lines is no event but an attack or a mistake.
  private let maximumEventBytes: Int
  /// A longer id is not remembered: it goes into a header field, and ours have twenty characters.
  static let maximumIDBytes = 1024

  /// The stream's last event id; the place from which to resume.
  private(set) var lastEventID: String?
  /// Milliseconds to wait before the next connection, as the stream asked for.
  private(set) var retryMilliseconds: Int?

  private var line: [UInt8] = []
  private var name = ""
  private var data: [UInt8] = []
  private var hasData = false
  private var pendingID: String?
  private var endedWithReturn = false
  private var isAtStart = true

  /// The stream is longer between two blank lines than anybody may make us remember.
  struct TooLong: Error {}

  /// A parser that resumes after an id.
  init(lastEventID: String? = nil, maximumEventBytes: Int = 64 << 20) {
    self.maximumEventBytes = maximumEventBytes
    self.lastEventID = lastEventID
    pendingID = lastEventID
  }

  /// Takes the next bytes; returns the events that they complete.
  mutating func feed(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [StreamEvent] {
    var events: [StreamEvent] = []
    for byte in bytes {
      defer { endedWithReturn = byte == 0x0D }
      if byte == 0x0A, endedWithReturn { continue }
      if byte == 0x0A || byte == 0x0D {
        if let event = endLine() { events.append(event) }
        continue
      }
      line.append(byte)
      guard line.count + data.count <= maximumEventBytes else { throw TooLong() }
    }
    return events
  }

  private mutating func endLine() -> StreamEvent? {
    defer { line.removeAll(keepingCapacity: true) }
    var bytes = line[...]
    if isAtStart {
      isAtStart = false
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    }
    guard !bytes.isEmpty else { return endEvent() }
    let colon = bytes.firstIndex(of: 0x3A) ?? bytes.endIndex
    guard colon != bytes.startIndex else { return nil }  // a comment
    var value = bytes[min(colon + 1, bytes.endIndex)...]
    if value.first == 0x20 { value = value.dropFirst() }
    read(String(decoding: bytes[..<colon], as: UTF8.self), value)
    return nil
  }

  private mutating func read(_ field: String, _ value: ArraySlice<UInt8>) {
    switch field {
    case "event": name = String(decoding: value, as: UTF8.self)
    case "data":
      if hasData { data.append(0x0A) }
      hasData = true
      data += value
    case "id":
      guard !value.contains(0), value.count <= Self.maximumIDBytes else { return }
      pendingID = String(decoding: value, as: UTF8.self)
    case "retry":
      guard !value.isEmpty, value.allSatisfy({ (0x30...0x39).contains($0) }) else { return }
      retryMilliseconds = Int(String(decoding: value, as: UTF8.self)) ?? retryMilliseconds
    default: break
    }
  }

  private mutating func endEvent() -> StreamEvent? {
    defer {
      name = ""
      data.removeAll(keepingCapacity: data.capacity <= 1 << 20)
      hasData = false
    }
    // A block without data fires nothing, but its id counts.
    lastEventID = pendingID
    guard hasData else { return nil }
    return StreamEvent(name: name.isEmpty ? "message" : name, data: String(decoding: data, as: UTF8.self))
  }
}
