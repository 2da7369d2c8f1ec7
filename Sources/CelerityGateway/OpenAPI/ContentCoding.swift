/// The `Accept-Encoding` field (RFC 9110, 12.5.3).
enum ContentCoding {
  /// Whether a coding may be used: it is named, or everything is, with a quality above 0.
  static func isAccepted(_ coding: String, by field: String?) -> Bool {
    var general = false
    for element in (field ?? "").lowercased().split(separator: ",") {
      let parts = element.split(separator: ";").map { $0.trimmed }
      guard let name = parts.first else { continue }
      let isWanted = quality(parts.dropFirst()) > 0
      if name == coding || name == "x-" + coding { return isWanted }
      if name == "*" { general = isWanted }
    }
    return general
  }

  private static func quality(_ parameters: ArraySlice<Substring>) -> Double {
    for parameter in parameters where parameter.hasPrefix("q=") { return Double(parameter.dropFirst(2)) ?? 0 }
    return 1
  }
}
