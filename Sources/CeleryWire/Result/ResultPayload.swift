public import CelerityJSON

/// Values as Celery's result backends keep them on Redis: JSON, compressed since 5.7 where `result_compression` says so.
public enum ResultPayload {
  /// Stands before the compression's name, which ends in NUL.
  private static let marker = [0] + Array("celery-compressed".utf8) + [0]

  /// The JSON of a stored value. What Python writes beyond JSON is read as in messages.
  public static func json(_ bytes: [UInt8], maximumBytes: Int = 64 << 20) throws(WireFault) -> RawJSON {
    var limits = PythonJSON.limits
    limits.maximumBytes = maximumBytes
    limits.maximumStringBytes = maximumBytes
    return try PythonJSON.value(try plain(bytes, maximumBytes), limits: limits, what: "the result")
  }

  private static func plain(_ bytes: [UInt8], _ maximumBytes: Int) throws(WireFault) -> [UInt8] {
    guard bytes.first == 0 else { return bytes }
    let rest = bytes.dropFirst(marker.count)
    guard bytes.starts(with: marker), let end = rest.firstIndex(of: 0) else {
      throw WireFault(.malformed, "the result begins with NUL and names no compression")
    }
    let name = String(decoding: rest[..<end], as: UTF8.self)
    return try Compression.undone(Array(rest[(end + 1)...]), by: name, maximumBytes: maximumBytes)
  }
}

extension ResultMeta {
  /// Reads a stored record; `nil` when the value is something else.
  public init?(stored bytes: [UInt8], maximumBytes: Int = 64 << 20) throws(WireFault) {
    self.init(try ResultPayload.json(bytes, maximumBytes: maximumBytes))
  }
}
