/// The `Content-Type` field (RFC 9110, 8.3).
enum MediaTypeField {
  /// Whether a field names a media type, alone or with UTF-8 as its character set (RFC 8259, 11; RFC 9110, 8.3.1). Only
  /// types that are JSON in some form keep to one character set; others may have any parameters.
  static func names(_ wanted: String, in field: String) -> Bool {
    let parts = field.lowercased().split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmed }
    guard parts[0] == wanted else { return false }
    guard wanted.hasSuffix("json") || wanted.hasSuffix("jsonl") else { return true }
    return parts.dropFirst().allSatisfy { $0.isEmpty || ["charset=utf-8", "charset=\"utf-8\""].contains($0) }
  }
}

extension Substring {
  /// Without blanks and tabs at both ends, the optional white space of RFC 9110, 5.6.3.
  var trimmed: Substring {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var rest = drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }
}
