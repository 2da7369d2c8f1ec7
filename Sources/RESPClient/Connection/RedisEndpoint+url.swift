extension RedisEndpoint {
  /// Reads a URL; throws `invalidURL` with what is wrong, never with the password.
  public init(url: String) throws(RedisError) {
    guard let mark = url.firstRange(of: "://") else { throw Self.invalid("it has no scheme, such as redis://") }
    let scheme = url[..<mark.lowerBound].lowercased()
    switch scheme {
    case "redis", "rediss", "redis+socket", "sentinel": break
    default: throw Self.invalid("'\(scheme)' is none of redis, rediss, redis+socket and sentinel")
    }
    // Celery writes a whole URL for each sentinel; what each says beside its host holds for all, the first one's word first.
    let urls = url.split(separator: ";").map { part -> Substring in
      part.firstRange(of: "://").map { part[$0.upperBound...] } ?? part
    }
    guard let first = urls.first else { throw Self.invalid("it names no host") }
    var rest = Rest(first)
    var query = try Self.pairs(rest.query)
    for other in scheme == "sentinel" ? urls.dropFirst().map(Rest.init) : [] {
      query.merge(try Self.pairs(other.query)) { first, _ in first }
      if rest.credentials == nil { rest.credentials = other.credentials }
      if rest.path.allSatisfy({ $0 == "/" }) { rest.path = other.path }
    }
    let (user, password) = try Self.credentials(rest.credentials)
    self.init(.socket(""), user: user, password: password)
    try read(query, isTLS: scheme == "rediss")
    switch scheme {
    case "redis+socket": place = .socket(try Self.decoded(rest.path))
    case "sentinel":
      guard let master = query["master_name"], !master.isEmpty else {
        throw Self.invalid("sentinel:// needs ?master_name=")
      }
      let hosts = rest.hosts.split(separator: ",") + urls.dropFirst().map { Rest($0).hosts }
      place = .sentinels(
        try hosts.map { host throws(RedisError) in
          let (name, port) = try Self.hostAndPort(host, default: 26_379)
          return Sentinel(host: name, port: port)
        }, master: master)
      try readDatabase(rest.path)
    default:
      let (host, port) = try Self.hostAndPort(rest.hosts, default: 6379)
      place = .host(host, port: port)
      try readDatabase(rest.path)
    }
  }

  /// The parts of a URL behind its scheme.
  private struct Rest {
    var credentials: Substring?
    var hosts: Substring
    var path: Substring
    var query: Substring

    init(_ text: Substring) {
      let sides = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      query = sides.count > 1 ? sides[1] : ""
      let slash = sides[0].firstIndex(of: "/") ?? sides[0].endIndex
      path = sides[0][slash...]
      let authority = sides[0][..<slash]
      // A password may hold `@`: the last one separates.
      if let at = authority.lastIndex(of: "@") {
        credentials = authority[..<at]
        hosts = authority[authority.index(after: at)...]
      } else {
        hosts = authority
      }
    }
  }

  private mutating func read(_ query: [String: String], isTLS: Bool) throws(RedisError) {
    var tls = TLS()
    for (name, value) in query {
      switch name {
      case "db", "virtual_host": database = try Self.database(value)
      case "ssl_cert_reqs":
        // Celery's users write Python's constants, with and without the prefix.
        switch value.lowercased() {
        case "required", "cert_required", "optional", "cert_optional": tls.verifies = true
        case "none", "cert_none": tls.verifies = false
        default: throw Self.invalid("ssl_cert_reqs is required or none, not '\(value)'")
        }
      case "ssl_ca_certs": tls.authorities = value
      case "ssl_certfile": tls.certificate = value
      case "ssl_keyfile": tls.key = value
      case "sentinel_username": sentinelUser = value
      case "sentinel_password": sentinelPassword = value
      case "master_name": break
      default: throw Self.invalid("'\(name)' is no parameter of a Redis URL that is known here")
      }
    }
    self.tls = isTLS ? tls : nil
  }

  private mutating func readDatabase(_ path: Substring) throws(RedisError) {
    let text = path.drop { $0 == "/" }
    if !text.isEmpty { database = try Self.database(String(text)) }
  }

  private static func database(_ text: String) throws(RedisError) -> Int {
    guard let number = Int(text), (0...65_535).contains(number) else {
      throw invalid("a database is a number from 0, not '\(text)'")
    }
    return number
  }

  private static func credentials(_ text: Substring?) throws(RedisError) -> (String?, String?) {
    guard let text else { return (nil, nil) }
    let sides = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let user = try decoded(sides[0])
    guard sides.count > 1 else { throw invalid("a user without a password; write user:password@ or :password@") }
    return (user.isEmpty ? nil : user, try decoded(sides[1]))
  }

  private static func hostAndPort(_ text: Substring, default port: Int) throws(RedisError) -> (String, Int) {
    var host = text
    var rest: Substring = ""
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      rest = text[text.index(after: end)...]
    } else if let colon = text.firstIndex(of: ":") {
      host = text[..<colon]
      rest = text[colon...]
    }
    let name = host.isEmpty ? "localhost" : try decoded(host)
    guard !rest.isEmpty else { return (name, port) }
    guard rest.hasPrefix(":"), let number = Int(rest.dropFirst()), (1...65_535).contains(number) else {
      throw invalid("'\(rest.drop { $0 == ":" })' is no port")
    }
    return (name, number)
  }

  private static func pairs(_ query: Substring) throws(RedisError) -> [String: String] {
    var pairs: [String: String] = [:]
    for part in query.split(separator: "&") {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      pairs[try decoded(sides[0])] = sides.count > 1 ? try decoded(sides[1]) : ""
    }
    return pairs
  }

  /// Percent-decoding (RFC 3986, 2.1).
  private static func decoded(_ text: Substring) throws(RedisError) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.next(), let low = rest.next(),
        let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
      else { throw invalid("it holds a broken escape") }
      bytes.append(value)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw invalid("it holds bytes that are no UTF-8") }
    return text
  }

  private static func invalid(_ what: String) -> RedisError {
    RedisError(.invalidURL, "the Redis URL is wrong: \(what)")
  }
}
