import CelerityJSON
import CelerityRoutes

/// What clients say of items, checked.
enum ItemRequest {
  static let nameLengths = 1...100
  static let descriptionLengths = 0...500
  /// Bytes of JSON, so that a page of a thousand items stays a few megabytes.
  static let longestMetadata = 16_384

  static let skips = 0...100_000
  static let limits = 1...1000
  static let defaultLimit = 100

  /// The body of `POST` and `PUT`: what is not said is as it is by default.
  static func fields(_ request: RouteRequest) throws(RouteError) -> ItemFields {
    var reader = try BodyReader(request)
    reader.require("name")
    let change = read(&reader)
    try reader.finish()
    return ItemFields(
      name: change.name ?? "", description: change.description ?? nil, metadata: change.metadata ?? .emptyObject)
  }

  /// The body of `PATCH`: what is not said stays.
  static func change(_ request: RouteRequest) throws(RouteError) -> ItemChange {
    var reader = try BodyReader(request)
    let change = read(&reader)
    try reader.finish()
    return change
  }

  private static func read(_ reader: inout BodyReader) -> ItemChange {
    var change = ItemChange()
    change.name = reader.text("name", nameLengths)
    if reader.has("description") {
      change.description = .some(reader.text("description", descriptionLengths, isNullable: true))
    }
    change.metadata = reader.object("metadata", longest: longestMetadata)
    return change
  }

  /// A page of items as its query says it.
  struct Page {
    var skip: Int
    var limit: Int
    var after: ItemID?

    init(_ request: RouteRequest) throws(RouteError) {
      skip = try Self.integer("skip", request, ItemRequest.skips) ?? 0
      limit = try Self.integer("limit", request, ItemRequest.limits) ?? ItemRequest.defaultLimit
      guard let text = try request.queryValue("after") else { return }
      guard let id = ItemID(text) else {
        throw ItemsEnvelope.invalid([.init(pointer: "/query/after", detail: "must be an item's id")])
      }
      after = id
    }

    private static func integer(
      _ name: String, _ request: RouteRequest, _ range: ClosedRange<Int>
    ) throws(RouteError) -> Int? {
      guard let text = try request.queryValue(name) else { return nil }
      // `Int` would also take a sign in front.
      guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), range.contains(number) else {
        let detail = "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
        throw ItemsEnvelope.invalid([.init(pointer: "/query/\(name)", detail: detail)])
      }
      return number
    }
  }
}
