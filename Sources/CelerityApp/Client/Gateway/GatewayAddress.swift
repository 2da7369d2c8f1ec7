import CelerityCore

/// Where a gateway is: scheme, host, port, and the path it is mounted under, if any.
struct GatewayAddress: Sendable, Hashable, CustomStringConvertible {
  /// Without a slash at the end.
  let base: String
  /// Who said so, for advice that can be followed.
  let origin: Origin

  /// Where an address comes from.
  enum Origin: Sendable, Hashable {
    case option, variable, standard
  }

  /// Where `celerity dev` listens unless told otherwise.
  static let standard = "http://127.0.0.1:8000"

  /// Reads a URL; a host and port alone mean `http`.
  init(_ text: String, from origin: Origin = .option) throws(ClientError) {
    self.origin = origin
    let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
    let complete = trimmed.contains("://") ? trimmed : "http://" + trimmed
    func refuse(_ cause: String, _ meant: String = Self.standard) -> ClientError {
      ClientError(
        "'\(text)' is no address of a gateway", cause: origin == .variable ? "in CELERITY_URL: " + cause : cause,
        hint: origin.advice(meant), status: .usage)
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
    if !complete.hasPrefix(trimmed), let port = UInt16(trimmed), port > 0 {
      throw refuse("it is a port without a host", "http://127.0.0.1:\(port)")
    }
    if rest.hasSuffix("/v1") {
      throw refuse("the address ends before /v1, which is part of each request", "\(scheme)://\(rest.dropLast(3))")
    }
    base = scheme + "://" + rest
  }

  /// The same place without or with encryption.
  func replacingScheme(_ scheme: String) -> String { scheme + base.drop { $0 != ":" } }

  var description: String { base }

  /// Whether it is on this machine, as far as the name tells.
  var isLocal: Bool {
    let host = Self.host(base.dropFirst(base.hasPrefix("https") ? 8 : 7).prefix { $0 != "/" })
    return ["127.0.0.1", "localhost", "[::1]"].contains(host)
  }

  /// What to look at when nothing there is as it should be.
  var doubt: String {
    switch origin {
    case .option: "check the --url that you gave"
    case .variable: "check CELERITY_URL, which is \(base) here, or give another --url"
    case .standard: "say where the gateway is with --url or CELERITY_URL"
    }
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

extension GatewayAddress.Origin {
  /// How another address is given.
  func advice(_ url: String) -> String {
    self == .variable ? "export CELERITY_URL=\(url)" : "celerity … --url \(url)"
  }
}
