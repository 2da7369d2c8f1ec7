import CelerityCore
import CelerityJSON
import CelerityRoutes

/// The answer to a bulk submission, written item by item.
struct BulkAnswer {
  /// How much of what is wrong with one item is told.
  static let issueLimit = 10

  private(set) var accepted = 0
  private(set) var refused = 0
  /// Whether nothing was added that an earlier request under the same key had not added.
  private var isReplay = true
  private let traceID: String
  private var items = JSONWriter(reservingCapacity: 1 << 16)

  init(traceID: String) {
    self.traceID = traceID
    items.beginArray()
  }

  /// Writes what became of the next item.
  mutating func append(_ outcome: Result<AcceptedTask, RouteError>) {
    items.beginObject()
    items.member("index", accepted + refused)
    switch outcome {
    case .success(let task):
      items.member("status", 202)
      task.writeMembers(to: &items)
      accepted += 1
      isReplay = isReplay && task.duplicate == .idempotencyKey
    case .failure(let error):
      items.member("status", error.status)
      items.key("error")
      Problem.write(error, traceID: traceID, issueLimit: Self.issueLimit, to: &items)
      refused += 1
    }
    items.endObject()
  }

  /// 202 when every item was accepted, otherwise 207 (RFC 4918, 11.1: look into the body).
  consuming func response() -> RouteResponse {
    items.endArray()
    var writer = JSONWriter(reservingCapacity: items.bytes.count + 64)
    writer.beginObject()
    writer.member("accepted", accepted)
    writer.member("refused", refused)
    writer.member("items", items.finish())
    writer.endObject()
    return .json(
      refused == 0 ? 202 : 207, writer.finish(),
      headers: accepted > 0 && isReplay ? [("Idempotency-Replayed", "true")] : [])
  }
}
