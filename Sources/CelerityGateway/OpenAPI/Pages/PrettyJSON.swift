import CelerityJSON

/// Lays JSON out over several lines. Tokens are copied, so that numbers keep their digits.
enum PrettyJSON {
  private static let indent = Array("  ".utf8)
  /// What fits into a line is not broken.
  private static let lineLength = 72

  /// The text with a line for each member.
  static func text(_ value: RawJSON) -> String {
    var bytes: [UInt8] = []
    write(value, depth: 0, &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(_ value: RawJSON, depth: Int, _ bytes: inout [UInt8]) {
    if let members = value.members(), !isShort(value) {
      list(members.count, "{", "}", depth, &bytes) { index, bytes in
        bytes += RawJSON.string(members[index].name).bytes + Array(": ".utf8)
        write(members[index].value, depth: depth + 1, &bytes)
      }
    } else if let elements = value.elements(), !isShort(value) {
      list(elements.count, "[", "]", depth, &bytes) { index, bytes in
        write(elements[index], depth: depth + 1, &bytes)
      }
    } else {
      bytes += spaced(value)
    }
  }

  private static func list(
    _ count: Int, _ open: String, _ close: String, _ depth: Int, _ bytes: inout [UInt8],
    _ element: (Int, inout [UInt8]) -> Void
  ) {
    bytes += Array(open.utf8)
    for index in 0..<count {
      bytes += (index == 0 ? [] : [UInt8(ascii: ",")]) + newline(depth + 1)
      element(index, &bytes)
    }
    bytes += newline(depth) + Array(close.utf8)
  }

  private static func newline(_ depth: Int) -> [UInt8] {
    [UInt8(ascii: "\n")] + Array(repeating: indent, count: depth).joined()
  }

  /// Whether a container has no members or only a few small ones.
  private static func isShort(_ value: RawJSON) -> Bool {
    let inside = value.members()?.map(\.value) ?? value.elements() ?? []
    if inside.isEmpty { return true }
    let isFlat = inside.allSatisfy { $0.kind != .object && $0.kind != .array }
    return isFlat && value.kind == .array && value.bytes.count <= lineLength
  }

  /// A short container with a blank behind each comma.
  private static func spaced(_ value: RawJSON) -> [UInt8] {
    guard let elements = value.elements(), !elements.isEmpty else { return value.bytes }
    return Array("[".utf8) + Array(elements.map(\.bytes).joined(separator: Array(", ".utf8))) + Array("]".utf8)
  }
}
