import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// A message as a client posts it: `{"message", "user_id"?, "metadata"?}`. Members that are not known are tolerated.
struct PostedMessage: Sendable, Hashable {
  var text: String
  var userID: String?
  var metadata: RawJSON?
  var characters: Int

  static let longestUserID = 128
  static let longestMetadata = 4096

  /// Reads a body; throws 422 with all that is wrong, each at its place.
  init(_ body: RawJSON, _ settings: ServiceSettingValues) throws(RouteError) {
    guard body.kind == .object else {
      throw Self.refusal([.init(pointer: "", detail: "must be an object")])
    }
    var issues: [RouteError.Issue] = []
    text = body["message"]?.stringValue ?? ""
    characters = text.count
    if let detail = Self.fault(of: text, body["message"], characters, settings) {
      issues.append(.init(pointer: "/message", detail: detail))
    }
    userID = Self.userID(body)
    if userID == nil, let given = body["user_id"], !given.isNull {
      issues.append(
        .init(
          pointer: "/user_id",
          detail: "must be a text of 1 to \(Self.longestUserID) characters without control characters"))
    }
    metadata = body["metadata"].flatMap { $0.isNull ? nil : $0 }
    if let metadata, metadata.kind != .object || metadata.bytes.count > Self.longestMetadata {
      issues.append(.init(pointer: "/metadata", detail: "must be an object of at most \(Self.longestMetadata) bytes"))
    }
    guard issues.isEmpty else { throw Self.refusal(issues) }
  }

  /// The user a body names, also when the rest of it is wrong; `nil` when it names none, or none that can be one.
  static func userID(_ body: RawJSON) -> String? {
    guard let id = body["user_id"]?.stringValue, (1...longestUserID).contains(id.count), id.utf8.count <= 1024,
      !id.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    return id
  }

  private static func fault(
    of text: String, _ value: RawJSON?, _ characters: Int, _ settings: ServiceSettingValues
  ) -> String? {
    guard let value else { return "must be given" }
    guard value.kind == .string else { return "must be a text" }
    let shortest = settings[MessageSettings.shortestText]
    let longest = settings[MessageSettings.longestText]
    let trimmed = text.drop(while: \.isWhitespace)
    if trimmed.isEmpty { return "must not be empty or blank" }
    if characters > longest { return "must have at most \(longest) characters, and has \(characters)" }
    let blankTail = trimmed.reversed().prefix(while: \.isWhitespace).count
    if trimmed.count - blankTail < shortest { return "must have at least \(shortest) characters" }
    let isSaying = text.unicodeScalars.contains { $0.isLetter || $0.properties.isEmojiPresentation }
    if settings[MessageSettings.refusesDigits], !isSaying { return "must not be digits and signs alone" }
    return nil
  }

  private static func refusal(_ issues: [RouteError.Issue]) -> RouteError {
    let places = issues.map { ($0.pointer.isEmpty ? "the body" : String($0.pointer.dropFirst())) + " " + $0.detail }
    return RouteError(422, "invalid-request", places.joined(separator: "; "), issues: issues)
  }
}
