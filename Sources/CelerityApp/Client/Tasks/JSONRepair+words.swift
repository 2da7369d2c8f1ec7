import CelerityJSON

/// Puts together what a shell took apart.
extension JSONRepair {
  /// The JSON that was meant by the first of these words and some that follow it, and how many they are:
  /// `{amount:` `1}` were split at the blank, `amount:1` `rate:2` come from braces that a shell expanded.
  static func join(_ words: ArraySlice<String>) -> (value: RawJSON, count: Int)? {
    guard let first = words.first else { return nil }
    if first.hasPrefix("{") || first.hasPrefix("[") {
      let depths = words.map { $0.count { "{[".contains($0) } - $0.count { "}]".contains($0) } }
      var depth = 0
      for (index, step) in depths.enumerated() {
        depth += step
        guard depth <= 0 else { continue }
        return guess(words.prefix(index + 1).joined(separator: " ")).map { ($0, index + 1) }
      }
      return nil
    }
    let pieces = words.prefix { $0.dropFirst().contains(":") && !$0.hasPrefix("-") }
    guard !pieces.isEmpty else { return nil }
    return guess("{" + pieces.joined(separator: ",") + "}").map { ($0, pieces.count) }
  }
}
