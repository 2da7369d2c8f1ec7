import CelerityCore
import CelerityJSON

/// Alerts in the store, where every process finds them. Their names count time backwards, so that a listing by names begins
/// with the newest.
struct AlertShelf: Sendable {
  static let collection = "alerts"
  private static let page = 500
  private let documents: any DocumentStore
  private let tenant: Tenant

  init(_ documents: any DocumentStore, tenant: Tenant) {
    self.documents = documents
    self.tenant = tenant
  }

  func keep(_ alert: Alert) async throws(EngineError) {
    for _ in 0..<10 {
      let key = DocumentKey(Self.collection, Self.name(alert.time), tenant: tenant)
      if case .written = try await documents.write([DocumentWrite(key, alert.json, expecting: 0)]) { return }
    }
    throw EngineError(.conflict, "no name is free for an alert")
  }

  /// The newest of a kind, or of all.
  func newest(kind: String?, limit: Int) async throws(EngineError) -> [Alert] {
    var found: [Alert] = []
    var last: String?
    while found.count < limit {
      let documents = try await documents.documents(
        in: Self.collection, of: tenant, prefix: "", after: last, limit: kind == nil ? min(limit, Self.page) : Self.page
      )
      found += documents.compactMap { Alert($0.value) }.filter { kind == nil || $0.kind == kind }
      guard let name = documents.last?.key.name else { break }
      last = name
    }
    return Array(found.prefix(max(0, limit)))
  }

  /// Forgets all but the newest.
  func trim(to bound: Int) async throws(EngineError) {
    var seen = 0
    var last: String?
    while true {
      let documents = try await documents.documents(
        in: Self.collection, of: tenant, prefix: "", after: last, limit: Self.page)
      guard let name = documents.last?.key.name else { return }
      let old = documents.dropFirst(max(0, bound - seen)).map { DocumentWrite($0.key, nil) }
      if !old.isEmpty { _ = try await self.documents.write(old) }
      seen += documents.count
      last = name
    }
  }

  private static func name(_ time: Timestamp) -> String {
    let backwards = String(UInt64(Int64.max - max(0, time.microseconds)), radix: 16)
    return String(repeating: "0", count: 16 - backwards.count) + backwards + "-"
      + String(UInt64.random(in: .min ... .max), radix: 36)
  }
}
