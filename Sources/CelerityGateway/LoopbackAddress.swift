#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A numeric loopback address (RFC 1122, 3.2.1.3 (g); RFC 4291, 2.5.3).
struct LoopbackAddress: Sendable, Hashable {
  /// The address as it is bound.
  let text: String

  /// An address by its text; `nil` when it is no loopback address. Names are not looked up: what a resolver answers
  /// may change, and then everybody could reach the gateway.
  init?(_ host: String) {
    let literal = host.lowercased() == "localhost" ? "127.0.0.1" : host
    // C reads a text only up to its first NUL.
    guard !literal.utf8.contains(0) else { return nil }
    var v4 = in_addr()
    var v6 = in6_addr()
    if literal.hasPrefix("127."), inet_pton(AF_INET, literal, &v4) == 1 {
      text = literal
    } else if inet_pton(AF_INET6, literal, &v6) == 1, withUnsafeBytes(of: v6, { $0.elementsEqual(Self.v6Loopback) }) {
      text = "::1"
    } else {
      return nil
    }
  }

  private static let v6Loopback: [UInt8] = Array(repeating: 0, count: 15) + [1]

  /// Whether a `Host` field's value names this machine: a loopback literal or a name of `localhost` (RFC 6761, 6.3),
  /// with or without a port.
  static func isNamed(by field: String) -> Bool {
    let name = hostName(in: field)
    return name == "localhost" || name.hasSuffix(".localhost") || LoopbackAddress(name) != nil
  }

  /// The name in a `Host` field without port and brackets, in lower case (RFC 3986, 3.2.2); nothing when more stands
  /// behind it than a port.
  static func hostName(in field: String) -> String {
    let lower = field.lowercased()
    var name = lower.prefix { $0 != ":" }
    var rest = lower[name.endIndex...]
    if lower.hasPrefix("["), let end = lower.firstIndex(of: "]") {
      name = lower[..<end].dropFirst()
      rest = lower[end...].dropFirst()
    }
    let isPort = rest.isEmpty || rest.first == ":" && rest.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    return isPort ? String(name) : ""
  }
}
