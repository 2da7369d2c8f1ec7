import CelerityCore
import CelerityJSON

/// One health request and what came of it.
struct HealthEntry: Sendable, Hashable {
  var time: Timestamp
  var isHealthy: Bool
  var status: Int?
  var seconds: Double
  var error: String?

  var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 160)
    writer.beginObject()
    writer.member("time", time.rfc3339)
    writer.member("healthy", isHealthy)
    writer.member("status_code", orNull: status)
    writer.member("seconds", (seconds * 1_000_000).rounded() / 1_000_000)
    writer.member("error", orNull: error)
    writer.endObject()
    return writer.finish()
  }
}

/// The health requests of the last day, newest first.
struct HealthLog: Sendable {
  static let collection = "recommendations_health"
  /// A day of one every ten seconds.
  static let lifetime = Duration.seconds(86_400)
  /// More are not deleted at once: each new one deletes the few that have become too old.
  private static let portion = 20

  let documents: any DocumentStore
  let tenant: Tenant

  /// Adds an entry, which is unique by its time and task, and forgets those that are too old.
  func add(_ entry: HealthEntry, of task: TaskID) async throws(EngineError) {
    let digest = SHA256.digest(Array(task.text.utf8)).prefix(4).map { String($0, radix: 16) }.joined()
    let key = DocumentKey(Self.collection, "\(Self.place(entry.time))-\(digest)", tenant: tenant)
    let cutoff = Self.place(entry.time + (.zero - Self.lifetime))
    let old = try await documents.documents(
      in: Self.collection, of: tenant, prefix: "", after: cutoff, limit: Self.portion)
    _ = try await documents.write([DocumentWrite(key, entry.json)] + old.map { DocumentWrite($0.key, nil) })
  }

  /// The latest entries.
  func latest(_ limit: Int) async throws(EngineError) -> [RawJSON] {
    try await documents.documents(in: Self.collection, of: tenant, prefix: "", after: nil, limit: limit).map(\.value)
  }

  /// A moment as text whose order is against time's.
  private static func place(_ moment: Timestamp) -> String {
    let digits = String(Int64.max - max(0, moment.microseconds), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
