public import CelerityJSON

/// Where services keep what is not a task: items, users, schedules. Durable like a submission, never evicted.
public protocol DocumentStore: Sendable {
  /// Documents by key, in the order of the keys.
  func documents(_ keys: [DocumentKey]) async throws(EngineError) -> [Document?]

  /// Writes documents, all of them or, where a condition fails, none: all conditions are looked at before the first
  /// write. Answers the new versions.
  func write(_ writes: [DocumentWrite]) async throws(EngineError) -> DocumentWriteResult

  /// Documents of a collection whose names begin so, in the order of their names' bytes.
  func documents(
    in collection: String, of tenant: Tenant, prefix: String, after name: String?, limit: Int
  ) async throws(EngineError) -> [Document]
}

/// The key of a document.
public struct DocumentKey: Sendable, Hashable {
  public var tenant: Tenant
  public var collection: String
  public var name: String

  /// A document's name in a collection of a tenant.
  public init(_ collection: String, _ name: String, tenant: Tenant = .default) {
    self.tenant = tenant
    self.collection = collection
    self.name = name
  }
}

/// A stored document.
public struct Document: Sendable, Hashable {
  public var key: DocumentKey
  /// Counts its writes from 1.
  public var version: Int64
  public var value: RawJSON
  public var updated: Timestamp

  /// A version of a document.
  public init(_ key: DocumentKey, version: Int64, value: RawJSON, updated: Timestamp) {
    self.key = key
    self.version = version
    self.value = value
    self.updated = updated
  }
}

/// One write: a value, or a deletion when it is `nil`.
public struct DocumentWrite: Sendable, Hashable {
  public var key: DocumentKey
  public var value: RawJSON?
  /// The version that must be there: 0 for "must not exist", `nil` for "whatever is there".
  public var expectedVersion: Int64?

  /// A write under a condition.
  public init(_ key: DocumentKey, _ value: RawJSON?, expecting version: Int64? = nil) {
    self.key = key
    self.value = value
    expectedVersion = version
  }
}

/// What became of writes.
public enum DocumentWriteResult: Sendable, Hashable {
  /// The versions after the writes; 0 for a deletion.
  case written([Int64])
  /// This key's version was another; nothing was written.
  case conflict(DocumentKey, found: Int64)
}

/// Where services keep files: bytes with a content type. Durable, never evicted.
public protocol BlobStore: Sendable {
  /// Stores bytes under a key, replacing what was there.
  func put(_ blob: Blob, at key: DocumentKey) async throws(EngineError)

  /// The bytes under a key.
  func blob(_ key: DocumentKey) async throws(EngineError) -> Blob?

  /// Forgets the bytes under a key; whether there were any.
  func deleteBlob(_ key: DocumentKey) async throws(EngineError) -> Bool
}

/// A file's bytes.
public struct Blob: Sendable, Hashable {
  public var contentType: String
  public var bytes: [UInt8]

  /// Bytes of a content type.
  public init(contentType: String, bytes: [UInt8]) {
    self.contentType = contentType
    self.bytes = bytes
  }
}
