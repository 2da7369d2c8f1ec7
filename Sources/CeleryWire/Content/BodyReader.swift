import CelerityJSON

/// Turns a body's bytes into JSON: undoes the compression, refuses content that is never read.
struct BodyReader {
  /// What a body is written in.
  private enum Language { case json, yaml }

  let maximumBytes: Int

  func json(_ envelope: Envelope) throws(WireFault) -> RawJSON {
    try json(envelope, compression: envelope.rawHeaders["compression"]?.stringValue)
  }

  func json(_ envelope: Envelope, compression: String?) throws(WireFault) -> RawJSON {
    let language = try Self.language(envelope.contentType)
    let encoding = envelope.contentEncoding
    guard encoding == "utf-8" || ["utf-8", "utf8", "us-ascii", "ascii"].contains(encoding.lowercased()) else {
      throw WireFault(.contentDisallowed, "text encoded as '\(encoding.prefix(40))' is not read")
    }
    let bytes = try Compression.undone(envelope.body, by: compression, maximumBytes: maximumBytes)
    guard bytes.count <= maximumBytes else {
      throw WireFault(.tooLarge, "the body has \(bytes.count) bytes; at most \(maximumBytes) are taken")
    }
    switch language {
    case .json:
      var limits = PythonJSON.limits
      limits.maximumBytes = maximumBytes
      limits.maximumStringBytes = maximumBytes
      return try PythonJSON.value(bytes, limits: limits, what: "the body")
    case .yaml: return try YAMLBody.json(bytes, maximumBytes: maximumBytes)
    }
  }

  private static func language(_ contentType: String) throws(WireFault) -> Language {
    switch contentType {
    case "application/json": return .json
    case "application/x-yaml" where YAMLBody.isRead: return .yaml
    case "application/x-python-serialize":
      throw WireFault(
        .contentDisallowed, "pickled content can run any code and is never read; use task_serializer='json'")
    case "text/plain", "application/data":
      throw WireFault(
        .contentDisallowed, "content of type '\(contentType)' has no arguments in it; use task_serializer='json'")
    default:
      throw WireFault(
        .contentDisallowed, "content of type '\(contentType.prefix(80))' is not read; use task_serializer='json'")
    }
  }
}
