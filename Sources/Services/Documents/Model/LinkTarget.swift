/// Addresses that links may lead to: web pages, mailboxes and telephones, nothing else.
enum LinkTarget {
  /// Longer ones are no addresses any more.
  private static let longest = 2000

  /// The page a text names, `https` unless it says otherwise; `nil` when it names none.
  static func web(_ text: String) -> String? {
    let lowered = text.lowercased()
    let scheme = ["https://", "http://"].first { lowered.hasPrefix($0) }
    let rest = text.dropFirst(scheme?.count ?? 0)
    let host = rest.prefix { !"/?#".contains($0) }
    guard text.utf8.count <= longest, isHost(host) else { return nil }
    return (scheme ?? "https://") + encoded(rest)
  }

  /// A mailbox; `nil` when the text is none.
  static func mail(_ text: String) -> String? {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard text.utf8.count <= longest, parts.count == 2, !parts[0].isEmpty, isHost(parts[1]) else { return nil }
    // In such an address a question mark would begin headers (RFC 6068).
    return "mailto:" + encoded(parts[0]).replacingQuestionMarks + "@" + encoded(parts[1])
  }

  /// A telephone, by its digits (RFC 3966); `nil` for what has fewer than three.
  static func telephone(_ text: String) -> String? {
    let digits = text.unicodeScalars.filter { ("0"..."9").contains($0) }
    guard (3...20).contains(digits.count) else { return nil }
    return "tel:" + (text.hasPrefix("+") ? "+" : "") + digits.map(String.init).joined()
  }

  /// A profile given as an address, or as the name somebody has at a site.
  static func profile(_ text: String, at site: String) -> String? {
    if let page = web(text) { return page }
    let name = text.hasPrefix("@") ? text.dropFirst() : text[...]
    let isName = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
        || byte == 0x5F
    }
    return isName && (1...60).contains(name.count) ? "https://\(site)/\(name)" : nil
  }

  /// Two labels at least, without names, passwords or spaces.
  private static func isHost(_ text: Substring) -> Bool {
    let name = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if name.count == 2, UInt16(name[1]) == nil { return false }
    let labels = (name.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
    return labels.count >= 2
      && labels.allSatisfy { label in
        !label.isEmpty && label.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0 == "-" || $0.isDigit }
      }
  }

  /// Percent-encodes all but what RFC 3986 lets stand in a path, query or fragment; parentheses and quotes are encoded too,
  /// because the formats that hold addresses quote with them.
  private static func encoded(_ text: some StringProtocol) -> String {
    var encoded = ""
    for byte in text.utf8 {
      let character = Character(Unicode.Scalar(byte))
      if byte < 0x80, character.isLetter || character.isNumber || "-._~:/?#@!$&*+,;=%".contains(character) {
        encoded.append(character)
      } else {
        encoded += "%" + String(byte >> 4, radix: 16, uppercase: true) + String(byte & 15, radix: 16, uppercase: true)
      }
    }
    return encoded
  }
}

extension String {
  fileprivate var replacingQuestionMarks: String {
    split(separator: "?", omittingEmptySubsequences: false).joined(separator: "%3F")
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
