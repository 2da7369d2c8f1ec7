/// A place in a text, as a line with a mark under it.
struct TextPlace {
  /// The line and a second one that points at the place.
  let picture: String

  /// A place by its byte.
  init(_ bytes: [UInt8], offset: Int) {
    let offset = min(max(offset, 0), bytes.count)
    let start = bytes[..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let end = bytes[offset...].firstIndex(of: 0x0A) ?? bytes.count
    // Long lines are cut around the place.
    let before = SafeText.line(String(decoding: bytes[start..<offset], as: UTF8.self).trimmedStart(to: 40))
    let after = TextWidth.fit(SafeText.line(String(decoding: bytes[offset..<end], as: UTF8.self)), columns: 40)
    let number = bytes[..<start].count { $0 == 0x0A } + 1
    let label = bytes.contains(0x0A) ? "line \(number): " : ""
    picture =
      label + before + after + "\n" + String(repeating: " ", count: TextWidth.of(label) + TextWidth.of(before)) + "^"
  }
}

extension String {
  /// The end of the text, with `…` where something was left out before it.
  fileprivate func trimmedStart(to count: Int) -> String { self.count <= count ? self : "…" + suffix(count - 1) }
}
