import CelerityCore
import CelerityJSON
import CelerityTasks

/// The documents that jobs made, until they are fetched and for a while after. Kept in the shared store, so that every
/// gateway serves what any worker made.
///
/// Beside the bytes stands a row in an index that says when they may go. The row is written first: what has no row would
/// never be found again.
struct ResultShelf: Sendable {
  /// The index's collection; all tenants share it, because one task clears it for all of them.
  static let index = "documents.results"
  /// The collection of the bytes.
  static let files = "documents.files"

  let resources: ServiceResources

  /// Keeps a job's document until a moment. Calling it again replaces what was there.
  func put(_ document: StoredDocument, for job: TaskKey, until expiry: Timestamp) async throws(EngineError) {
    var row = JSONWriter(reservingCapacity: 96)
    row.beginObject()
    row.member("tenant", job.tenant.name)
    row.member("job", job.id.text)
    row.member("expires", expiry.microseconds)
    row.member("bytes", document.bytes.count)
    row.endObject()
    _ = try await resources.documents.write([DocumentWrite(Self.row(of: job), row.finish())])
    try await resources.blobs.put(document.blob, at: Self.file(of: job))
  }

  /// A job's document, `nil` when there is none or it was removed.
  func document(of job: TaskKey) async throws(EngineError) -> StoredDocument? {
    try await resources.blobs.blob(Self.file(of: job)).map { StoredDocument($0) }
  }

  private static func row(of job: TaskKey) -> DocumentKey { DocumentKey(index, job.description) }

  private static func file(of job: TaskKey) -> DocumentKey { DocumentKey(files, job.id.text, tenant: job.tenant) }
}

// MARK: Clearing

extension ResultShelf {
  /// What was done to old results.
  struct Clearing: Codable, Sendable, Hashable {
    /// Results that were looked at.
    var scanned = 0
    /// Results whose time was over.
    var deleted = 0
    /// Results whose time is not over.
    var kept = 0
    /// Bytes that were freed.
    var freedBytes: Int64 = 0

    private enum CodingKeys: String, CodingKey {
      case scanned, deleted, kept
      case freedBytes = "freed_bytes"
    }
  }

  private static let pageSize = 200

  /// Removes what may go. Whatever is interrupted is done the next time: the row goes last.
  func clear(
    at now: Timestamp, shouldStop: () -> Bool = { false }, progress: (Clearing) -> Void = { _ in }
  ) async throws(EngineError) -> Clearing {
    var clearing = Clearing()
    var last: String?
    while !shouldStop() {
      let page = try await resources.documents.documents(
        in: Self.index, of: .default, prefix: "", after: last, limit: Self.pageSize)
      for row in page {
        clearing.scanned += 1
        guard let entry = Entry(row.value), entry.expiry <= now else {
          clearing.kept += 1
          continue
        }
        if try await remove(row, entry) {
          clearing.deleted += 1
          clearing.freedBytes += entry.bytes
        } else {
          clearing.kept += 1
        }
      }
      progress(clearing)
      guard page.count == Self.pageSize, let end = page.last else { break }
      last = end.key.name
    }
    return clearing
  }

  /// Whether a row and its bytes are gone; not when the job made its document anew meanwhile.
  private func remove(_ row: Document, _ entry: Entry) async throws(EngineError) -> Bool {
    let current = try await resources.documents.documents([row.key])
    guard let found = current.first, found?.version == row.version else { return false }
    _ = try await resources.blobs.deleteBlob(Self.file(of: entry.job))
    let result = try await resources.documents.write([DocumentWrite(row.key, nil, expecting: row.version)])
    if case .written = result { return true }
    return false
  }

  private struct Entry {
    var job: TaskKey
    var expiry: Timestamp
    var bytes: Int64

    init?(_ row: RawJSON) {
      guard let tenant = row["tenant"]?.stringValue, let job = row["job"]?.stringValue,
        let expiry = row["expires"]?.int64Value
      else { return nil }
      self.job = TaskKey(TaskID(stored: job), tenant: Tenant(stored: tenant))
      self.expiry = Timestamp(microseconds: expiry)
      bytes = row["bytes"]?.int64Value ?? 0
    }
  }
}
