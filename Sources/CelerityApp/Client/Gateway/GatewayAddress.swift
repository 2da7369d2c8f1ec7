import CelerityCore

/// Where a gateway is: scheme, host, port, and the path it is mounted under, if any.
struct GatewayAddress: Sendable, Hashable, CustomStringConvertible {
  /// Without a slash at the end.
  let base: String

  /// Where `celerity dev` listens unless told otherwise.
  static let standard = "http://127.0.0.1:8000"

  /// Reads a URL; a host and port alone mean `http`.
  init(_ text: String) throws(ClientError) {
    let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
    let complete = trimmed.contains("://") ? trimmed : "http://" + trimmed
    func refuse(_ cause: String) -> ClientError {
      ClientError(
        "'\(text)' is no address of a gateway", cause: cause, hint: "celerity … --url \(Self.standard)", status: .usage)
    }
    let scheme = complete.prefix { $0 != ":" }.lowercased()
    guard scheme == "http" || scheme == "https" else {
      throw refuse("the scheme must be http or https, not '\(scheme)'")
    }
    let rest = complete.dropFirst(scheme.count + 3)
    guard rest.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 0x20 && $0.value != 0x7F }) else {
      throw refuse("it holds blanks, control characters or letters outside ASCII")
    }
    guard !rest.contains(where: { "?#".contains($0) }) else { throw refuse("it has a query or a fragment") }
    let authority = rest.prefix { $0 != "/" }
    guard !authority.contains("@") else { throw refuse("a password in a URL is seen by everybody on this machine") }
    guard let host = Self.host(authority), !host.isEmpty else {
      throw refuse("it names no host, or a port that is none")
    }
    base = scheme + "://" + rest
  }

  var description: String { base }

  /// Whether it is on this machine, as far as the name tells.
  var isLocal: Bool {
    let host = Self.host(base.dropFirst(base.hasPrefix("https") ? 8 : 7).prefix { $0 != "/" })
    return ["127.0.0.1", "localhost", "[::1]"].contains(host)
  }

  /// The host of `host`, `host:port` or `[v6]:port`; `nil` when the port is not one.
  private static func host(_ authority: Substring) -> Substring? {
    let end = authority.hasPrefix("[") ? authority.firstIndex(of: "]").map(authority.index(after:)) : nil
    let host = end.map { authority[..<$0] } ?? authority.prefix { $0 != ":" }
    let port = authority[host.endIndex...]
    guard !port.isEmpty else { return host }
    guard port.hasPrefix(":"), let number = UInt16(port.dropFirst()), number > 0 else { return nil }
    return host
  }
}
