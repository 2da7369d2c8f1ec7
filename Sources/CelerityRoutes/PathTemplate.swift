/// A path with parameters: `/v1/tasks/{id}:cancel`. A parameter stands for one non-empty segment, up to a literal tail.
public struct PathTemplate: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  enum Segment: Sendable, Hashable {
    case literal(String)
    /// A parameter's name and the literal text behind it in the same segment.
    case parameter(String, suffix: String)
  }

  public let description: String
  let segments: [Segment]

  /// A template from its text.
  public init(_ text: String) {
    description = text
    segments = Self.split(text).map { segment in
      guard segment.hasPrefix("{"), let end = segment.firstIndex(of: "}") else { return .literal(String(segment)) }
      let name = segment[segment.index(after: segment.startIndex)..<end]
      return .parameter(String(name), suffix: String(segment[segment.index(after: end)...]))
    }
  }

  public init(stringLiteral value: String) { self.init(value) }

  /// Names of the parameters in order.
  public var parameterNames: [String] {
    segments.compactMap { if case .parameter(let name, _) = $0 { name } else { nil } }
  }

  /// The template without its parameters' names: two templates of one shape fit the same paths.
  public var shape: String {
    segments.map { segment in
      switch segment {
      case .literal(let text): "/" + text
      case .parameter(_, let suffix): "/{}" + suffix
      }
    }.joined()
  }

  /// The first segment's text, `tasks` of `/tasks/{id}`; empty for the root and for a parameter.
  public var firstSegment: String {
    if case .literal(let text)? = segments.first { text } else { "" }
  }

  /// The same path below a prefix.
  public func prefixed(_ prefix: String) -> PathTemplate {
    PathTemplate(description == "/" ? prefix : prefix + description)
  }

  static func split(_ path: String) -> [Substring] {
    path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { $0 }
  }

  /// The parameters' values when a path fits, percent-decoded once.
  func match(_ path: [Substring]) -> [String: String]? {
    guard path.count == segments.count else { return nil }
    var values: [String: String] = [:]
    for (segment, text) in zip(segments, path) {
      switch segment {
      case .literal(let literal):
        guard percentDecoded(text) == literal else { return nil }
      case .parameter(let name, let suffix):
        guard text.hasSuffix(suffix), let value = percentDecoded(text.dropLast(suffix.count)), !value.isEmpty else {
          return nil
        }
        values[name] = value
      }
    }
    return values
  }

  /// Literal segments first, longer suffixes first: `/tasks/{id}:cancel` is tried before `/tasks/{id}`.
  var specificity: [Int] {
    segments.map { segment in
      switch segment {
      case .literal: Int.max
      case .parameter(_, let suffix): suffix.utf8.count
      }
    }
  }
}

/// Decodes `%41` once (RFC 3986, 2.1); `nil` for a broken escape, bytes that are no UTF-8, or a NUL.
public func percentDecoded(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
  var bytes: [UInt8] = []
  var rest = text.utf8.makeIterator()
  while let byte = rest.next() {
    switch byte {
    case 0x25:
      guard let high = rest.next().flatMap(hexDigit), let low = rest.next().flatMap(hexDigit) else { return nil }
      bytes.append(high << 4 | low)
    case 0x2B where plusIsSpace: bytes.append(0x20)
    default: bytes.append(byte)
    }
  }
  guard !bytes.contains(0) else { return nil }
  return String(validating: bytes, as: UTF8.self)
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 0x30...0x39: byte - 0x30
  case 0x41...0x46: byte - 0x37
  case 0x61...0x66: byte - 0x57
  default: nil
  }
}

/// Finds the route of a request. Made once from the declarations.
public struct RouteTable: Sendable {
  /// What a look-up found.
  public enum Match: Sendable {
    case found(Route, parameters: [String: String])
    /// The path exists with other methods: 405 with these in `Allow`.
    case methodNotAllowed([String])
    case notFound
  }

  /// The declarations, most specific paths first.
  public let routes: [Route]
  private let byLength: [Int: [Int]]

  /// A table of routes; throws when two have the same method and path.
  public init(_ routes: [Route]) throws(RouteConflict) {
    let ordered = routes.sorted { $1.path.specificity.lexicographicallyPrecedes($0.path.specificity) }
    var seen: [String: String] = [:]
    for route in ordered {
      let key = route.method.rawValue + " " + route.path.shape
      if let other = seen[key] { throw RouteConflict(first: other, second: route.operationID, path: key) }
      seen[key] = route.operationID
    }
    self.routes = ordered
    byLength = Dictionary(grouping: ordered.indices) { ordered[$0].path.segments.count }
  }

  /// The route of a method and a path as it arrived, still percent-encoded. HEAD finds the route of GET.
  ///
  /// A path belongs to the most specific template that fits it: with another method `/tasks/batch` is never taken for the
  /// task `batch`, nor `/tasks/{id}:cancel` for an id that ends so.
  public func match(_ method: String, _ path: some StringProtocol) -> Match {
    guard path.utf8.first == 0x2F else { return .notFound }
    let segments = PathTemplate.split(String(path))
    let wanted = method == "HEAD" ? "GET" : method
    var allowed: [String] = []
    var owner: String?
    for index in byLength[segments.count] ?? [] {
      let route = routes[index]
      if let owner, route.path.shape != owner { continue }
      guard let parameters = route.path.match(segments) else { continue }
      if route.method.rawValue == wanted { return .found(route, parameters: parameters) }
      allowed.append(route.method.rawValue)
      if route.method == .get { allowed.append("HEAD") }
      owner = route.path.shape
    }
    return allowed.isEmpty ? .notFound : .methodNotAllowed(Array(Set(allowed)).sorted())
  }
}

/// Two routes that can't be told apart.
public struct RouteConflict: Error, Sendable, Hashable, CustomStringConvertible {
  public var first: String
  public var second: String
  public var path: String

  public var description: String { "routes '\(first)' and '\(second)' both answer \(path)" }
}
