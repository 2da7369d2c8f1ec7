import CelerityJSON
import CelerityRoutes

/// The body of a bulk submission, cut into its items. Only the places are kept: an item is read when its turn comes.
///
/// An array is one JSON text, so a fault anywhere in it refuses all of it. Lines are texts of their own: a broken one is
/// refused alone.
struct BulkBody: Sendable {
  /// Items of one request.
  static let itemLimit = 10_000
  /// Media types of one item per line; neither is registered, both are in use.
  static let lineTypes = ["application/x-ndjson", "application/jsonl"]

  private let bytes: [UInt8]
  private let places: [Range<Int>]
  /// Numbers of the items' lines; empty for an array.
  private let lines: [Int]

  /// How many items there are.
  var count: Int { places.count }

  init(_ request: RouteRequest) throws(RouteError) {
    bytes = request.body
    do {
      if Self.isLines(request) {
        let found = try JSONLine.lines(of: bytes, maximumCount: Self.itemLimit)
        places = found.map(\.place)
        lines = found.map(\.number)
      } else {
        try Self.checkArray(request)
        places = try RawJSON.elementRanges(ofArray: bytes, maximumCount: Self.itemLimit)
        lines = []
      }
    } catch let error as JSONError {
      throw Self.refusal(error)
    } catch let error as RouteError {
      throw error
    } catch {
      throw RouteError(500, "internal-error", "the body could not be read")
    }
  }

  /// An item by its place.
  func item(_ index: Int) throws(RouteError) -> RawJSON {
    do {
      return try RawJSON(validating: Array(bytes[places[index]]))
    } catch {
      var refusal = RouteError(malformed: error)
      if !lines.isEmpty { refusal.detail = "line \(lines[index]) is not acceptable JSON: \(error)" }
      throw refusal
    }
  }

  /// Whether there is an item per line. Who does not say what is sent is understood by its first character.
  private static func isLines(_ request: RouteRequest) -> Bool {
    guard let type = request.headers["content-type"] else { return firstCharacter(request.body) != UInt8(ascii: "[") }
    return lineTypes.contains { MediaTypeField.names($0, in: type) }
  }

  /// Tells what else was sent instead of an array.
  private static func checkArray(_ request: RouteRequest) throws(RouteError) {
    guard firstCharacter(request.body) != UInt8(ascii: "[") else { return }
    _ = try request.json()
    throw RouteError(
      422, "invalid-request", "the body must be an array of submissions",
      issues: [RouteError.Issue(pointer: "", detail: "must be an array")],
      hint: "POST /v1/tasks takes a single submission; lines are sent as \(lineTypes[0])")
  }

  private static func firstCharacter(_ body: [UInt8]) -> UInt8? {
    body.first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }
  }

  private static func refusal(_ error: JSONError) -> RouteError {
    guard error.code == .tooManyElements else { return RouteError(malformed: error) }
    return RouteError(
      413, "too-many-items", "a bulk submission has at most \(itemLimit) items",
      hint: "send the rest in another request")
  }
}
