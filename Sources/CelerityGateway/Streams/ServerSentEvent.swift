/// One block of a `text/event-stream` (WHATWG HTML, 9.2.5 and 9.2.6).
///
/// A block without data fires nothing at the client, but an id in it becomes its last event id all the same: so a
/// comment can carry on the place from which the client will resume.
struct ServerSentEvent: Sendable, Hashable {
  static let contentType = "text/event-stream"

  /// What proxies and clients ignore; keeps the connection alive.
  var comment: String?
  /// Milliseconds the client is to wait before it connects again.
  var retry: Int?
  var id: String?
  var name: String?
  /// UTF-8. Line ends in it part it into several fields, which the client joins with a line feed.
  var data: [UInt8]?

  /// Appends the block as it goes over the wire.
  func write(to bytes: inout [UInt8]) {
    if let comment { Self.field("", Array(comment.utf8), &bytes) }
    if let retry { Self.field("retry", Array(String(retry).utf8), &bytes) }
    // A client ignores an id with NUL in it, and an empty one would make it forget its place.
    if let id, !id.isEmpty, !id.utf8.contains(0) { Self.field("id", Array(id.utf8), &bytes) }
    if let name { Self.field("event", Array(name.utf8), &bytes) }
    if let data { for line in Self.lines(data) { Self.field("data", line, &bytes) } }
    bytes.append(0x0A)
  }

  /// The block as it goes over the wire.
  var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity((data?.count ?? 0) + 64)
    write(to: &bytes)
    return bytes
  }

  /// A value that holds a line end would become fields of its own: there it becomes a blank.
  private static func field(_ name: String, _ value: some Sequence<UInt8>, _ bytes: inout [UInt8]) {
    bytes.append(contentsOf: name.utf8)
    bytes.append(0x3A)
    bytes.append(0x20)
    for byte in value { bytes.append(isLineEnd(byte) ? 0x20 : byte) }
    bytes.append(0x0A)
  }

  /// Parts at LF, CR and CRLF.
  private static func lines(_ data: [UInt8]) -> [ArraySlice<UInt8>] {
    guard data.contains(where: isLineEnd) else { return [data[...]] }
    var lines: [ArraySlice<UInt8>] = []
    var start = data.startIndex
    for (index, byte) in data.enumerated() where isLineEnd(byte) {
      let isSecondOfPair = byte == 0x0A && index > 0 && data[index - 1] == 0x0D
      if !isSecondOfPair { lines.append(data[start..<index]) }
      start = index + 1
    }
    return lines + [data[start...]]
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}

extension ServerSentEvent {
  /// An event whose data is JSON, on one line: in JSON text a line end can only be white space between tokens.
  init(_ name: String, id: String? = nil, json: [UInt8]) {
    self.init(id: id, name: name, data: json.contains(where: Self.isLineEnd) ? json.map(Self.blank) : json)
  }

  private static func blank(_ byte: UInt8) -> UInt8 { isLineEnd(byte) ? 0x20 : byte }
}
