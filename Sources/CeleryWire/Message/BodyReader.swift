import CelerityJSON

/// Turns a body's bytes into JSON: undoes the compression, refuses content that is never read.
struct BodyReader {
  let maximumBytes: Int

  func json(_ envelope: Envelope) throws(WireFault) -> RawJSON {
    let bytes = try Compression.undone(
      envelope.body, by: envelope.headers.value("compression")?.stringValue, maximumBytes: maximumBytes)
    guard bytes.count <= maximumBytes else {
      throw WireFault(.tooLarge, "the body has \(bytes.count) bytes; at most \(maximumBytes) are taken")
    }
    switch envelope.contentType {
    case "application/json": break
    case "application/x-python-serialize":
      throw WireFault(
        .contentDisallowed, "pickled content can run any code and is never read; use task_serializer='json'")
    default:
      throw WireFault(.contentDisallowed, "content of type '\(envelope.contentType.prefix(80))' is not read")
    }
    let encoding = envelope.contentEncoding.lowercased()
    guard ["utf-8", "utf8", "us-ascii", "ascii"].contains(encoding) else {
      throw WireFault(.contentDisallowed, "text encoded as '\(encoding.prefix(40))' is not read")
    }
    var limits = JSONLimits.standard
    limits.maximumBytes = maximumBytes
    limits.maximumStringBytes = maximumBytes
    do {
      return try RawJSON(validating: bytes, limits: limits)
    } catch {
      throw WireFault(.malformed, "the body is no acceptable JSON: \(error)")
    }
  }
}
