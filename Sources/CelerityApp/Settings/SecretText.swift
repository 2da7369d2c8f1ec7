/// Hides passwords where addresses are shown.
enum SecretText {
  private static let names = ["password", "passwd", "secret", "sentinel_password", "token", "api_key"]

  /// The text with the password of each address in it, `scheme://user:password@host?password=…`, replaced.
  static func masked(_ text: String) -> String { query(authority(text[...])) }

  private static func authority(_ text: Substring) -> String {
    guard let scheme = text.firstRange(of: "://") else { return String(text) }
    let rest = text[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let head = text[..<scheme.upperBound]
    // A password may hold an @ or a comma that nobody escaped: the last @ ends it.
    guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
      return head + self.authority(rest)
    }
    return head + authority[...colon] + "***" + self.authority(rest[at...])
  }

  private static func query(_ text: String) -> String {
    var text = text
    for name in names {
      for separator in ["?", "&"] {
        guard let key = text.firstRange(of: separator + name + "=") else { continue }
        let end = text[key.upperBound...].firstIndex { $0 == "&" || $0 == "#" } ?? text.endIndex
        text.replaceSubrange(key.upperBound..<end, with: "***")
      }
    }
    return text
  }
}
