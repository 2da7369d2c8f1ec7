/// Addresses on the web as people write them.
enum WebAddress {
  /// The address with its scheme, `https` unless it has one; `nil` when it looks like none, or is of another kind than
  /// `http` and `https`.
  static func normalised(_ text: String) -> String? {
    let trimmed = CleanText.cleaned(text)
    let hasOddScalar = trimmed.unicodeScalars.contains { scalar in
      scalar.properties.isWhitespace || "<>\"\\^`{|}".unicodeScalars.contains(scalar)
    }
    if hasOddScalar { return nil }
    let lowered = trimmed.lowercased()
    let scheme = ["https://", "http://"].first { lowered.hasPrefix($0) }
    let rest = trimmed.dropFirst(scheme?.count ?? 0)
    return isAuthority(rest.prefix { !"/?#".contains($0) }) ? (scheme ?? "https://") + rest : nil
  }

  /// A name of two labels at least, and perhaps a port; names and passwords have no place in a resume.
  private static func isAuthority(_ text: Substring) -> Bool {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let labels = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
    if parts.count > 1 {
      guard UInt16(parts[1]) != nil, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
    }
    return labels.count >= 2 && labels.allSatisfy(HostName.isLabel) && (labels.last ?? "").count >= 2
  }
}
