import CelerityCore
import CelerityRoutes

extension RouteRequest {
  static let pageLimits = 1...200
  static let defaultPageLimit = 50

  /// The part of a list that is asked for; throws 422.
  func page() throws(RouteError) -> PageRequest {
    var page = PageRequest(limit: Self.defaultPageLimit)
    if let text = try queryValue("limit") {
      // `Int` would also take a sign in front.
      let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      guard isNumber, let limit = Int(text), Self.pageLimits.contains(limit) else {
        throw .invalid(
          "limit", "must be a whole number from \(Self.pageLimits.lowerBound) to \(Self.pageLimits.upperBound)")
      }
      page.limit = limit
    }
    if let text = try queryValue("cursor") {
      // A cursor is the rest of a name; names are made of these.
      let isCursor = (1...300).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
      guard isCursor else { throw .invalid("cursor", "must be the next_cursor of a page") }
      page.cursor = text
    }
    return page
  }

  /// A text to filter by; throws 422 when it can't be one.
  func filter(_ name: String) throws(RouteError) -> String? {
    guard let text = try queryValue(name) else { return nil }
    guard (1...1024).contains(text.utf8.count) else { throw .invalid(name, "must have 1 to 1024 bytes") }
    return text
  }
}

extension RouteError {
  /// A parameter of the query that has a value it can't have.
  static func invalid(_ name: String, _ rule: String) -> RouteError {
    RouteError(422, "invalid-query", "\(name) \(rule)", issues: [Issue(pointer: "/\(name)", detail: rule)])
  }
}

/// Which alerts a client wants.
enum AlertChoice: Sendable, Hashable {
  case all
  case kind(AlertKind)
  case user(String)
  case task(String)

  /// Reads the query; throws 422.
  init(_ request: RouteRequest) throws(RouteError) {
    var choices: [AlertChoice] = []
    if let text = try request.queryValue("kind") {
      guard let kind = AlertKind(rawValue: text) else {
        throw .invalid("kind", "must be one of \(AlertKind.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      choices.append(.kind(kind))
    }
    if let user = try request.filter("user_id") { choices.append(.user(user)) }
    if let task = try request.filter("task_id") { choices.append(.task(task)) }
    guard choices.count <= 1 else {
      throw .invalid(
        "kind", "can't be given together with user_id or task_id: alerts are listed by one of them at a time")
    }
    self = choices.first ?? .all
  }

  /// What the names of these alerts begin with.
  var prefix: String {
    switch self {
    case .all: "all/"
    case .kind(let kind): "kind/\(kind.rawValue)/"
    case .user(let id): "user/\(NamePart.user(id))/"
    case .task(let id): "task/\(id)/"
    }
  }
}
