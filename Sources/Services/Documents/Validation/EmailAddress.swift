/// E-mail addresses as people write them: RFC 5321, 4.1.2 without quoted names and literal addresses, with letters beyond
/// ASCII (RFC 6531).
enum EmailAddress {
  private static let (longestLocal, longest) = (64, 254)

  /// Whether a text is an address.
  static func isValid(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= longest, (1...longestLocal).contains(parts[0].utf8.count) else {
      return false
    }
    let names = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    return names.allSatisfy { !$0.isEmpty && $0.unicodeScalars.allSatisfy(isNameScalar) }
      && labels.count >= 2 && labels.allSatisfy(HostName.isLabel) && (labels.last ?? "").count >= 2
  }

  private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      ? HostName.isAlphanumeric(scalar) || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar)
      : scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}

/// Names of hosts, RFC 1123, 2.1, with letters beyond ASCII.
enum HostName {
  /// Whether a text is one label of a name.
  static func isLabel(_ label: some StringProtocol) -> Bool {
    (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
      && label.unicodeScalars.allSatisfy { scalar in
        scalar == "-" || isAlphanumeric(scalar)
          || !scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      }
  }

  /// Whether a character is a letter or digit of ASCII.
  static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: false
    }
  }
}
