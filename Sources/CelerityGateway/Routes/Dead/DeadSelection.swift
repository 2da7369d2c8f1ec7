import CelerityCore
import CelerityJSON
import CelerityRoutes

/// Which dead letters a verb for many is about: those with some ids, or those that a filter lets through.
struct DeadSelection: Sendable {
  /// Most dead letters of one request: they are one transaction.
  static let limit = 1000
  static let fields = ["ids", "q", "task", "queue", "reason", "limit"]

  /// The ids a client names; `nil` when it names a filter.
  var ids: [String]?
  var query: RecordQuery
  /// Most tasks to be acted upon.
  var most: Int

  /// Reads a body.
  init(_ body: RawJSON, _ request: RouteRequest, _ time: any TimeSource) throws(RouteError) {
    var reader = FieldReader(body, known: Self.fields)
    query = RecordQuery(tenant: request.tenant, isDeadLetter: true, limit: RecordListing.pageLimit)
    ids = Self.ids(&reader)
    query.task = reader.string("task", bytes: 1...255)
    query.queue = reader.string("queue", bytes: 1...200)
    let search = reader.string("q", bytes: 0...TaskFilter.longestText)
    let reason = Self.reason(&reader)
    most = reader.integer("limit", 1...Int64(Self.limit)) ?? Self.limit
    let others = Self.fields.dropFirst().filter(reader.has)
    if reader.has("ids"), let other = others.first {
      reader.refuse(other, "can't be given together with ids")
    }
    if reader.isObject, !reader.has("ids"), others.isEmpty {
      reader.refuse("ids", "is missing, or else a filter: \(Self.fields.dropFirst().joined(separator: ", "))")
    }
    try reader.finish()
    do {
      if let reason {
        query.filter = try reason.filter(and: search, time)
      } else if let search {
        query.filter = try RecordListing.filter(search, time)
      }
    } catch {
      throw RouteError(
        422, "invalid-query", error.detail, issues: [RouteError.Issue(pointer: "/q", detail: error.detail)],
        hint: error.hint)
    }
  }

  private static func reason(_ reader: inout FieldReader) -> DeadReason? {
    guard let word = reader.string("reason", bytes: 1...20) else { return nil }
    let reason = DeadReason(rawValue: word)
    let words = DeadReason.allCases.map(\.rawValue).joined(separator: ", ")
    if reason == nil { reader.refuse("reason", "must be one of \(words)") }
    return reason
  }

  private static func ids(_ reader: inout FieldReader) -> [String]? {
    guard let elements = reader.value("ids", .array, "an array of ids")?.elements() else { return nil }
    let ids = elements.compactMap(\.stringValue).filter { TaskID($0) != nil }
    guard ids.count == elements.count, ids.count <= limit else {
      reader.refuse("ids", "must be at most \(limit) ids of 1 to 255 bytes")
      return nil
    }
    return ids
  }
}
