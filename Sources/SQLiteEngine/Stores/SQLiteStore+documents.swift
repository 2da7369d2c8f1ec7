public import CelerityCore
import CelerityJSON
import GRDB

extension DocumentKey {
  fileprivate var values: [SQLValue] { [.text(tenant.name), .text(collection), .text(name)] }
}

extension SQLiteStore: DocumentStore {
  public func documents(_ keys: [DocumentKey]) async throws(EngineError) -> [Document?] {
    try await read { db in
      try keys.map { key in
        try db.first(
          "SELECT version, value, updated FROM document WHERE tenant = ? AND collection = ? AND name = ?", key.values
        ) {
          Document(
            key, version: $0.integer(0), value: $0.json(1) ?? .null, updated: Timestamp(microseconds: $0.integer(2)))
        }
      }
    }
  }

  public func write(_ writes: [DocumentWrite]) async throws(EngineError) -> DocumentWriteResult {
    try await commits.write { transaction in
      for write in writes {
        let found = try transaction.version(write.key)
        if let expected = write.expectedVersion, expected != found { return .conflict(write.key, found: found) }
      }
      return .written(try writes.map { try transaction.write($0) })
    }
  }

  public func documents(
    in collection: String, of tenant: Tenant, prefix: String, after name: String?, limit: Int
  ) async throws(EngineError) -> [Document] {
    try await read { db in
      // Names with a prefix lie between it and it followed by the highest scalar.
      try db.rows(
        """
        SELECT name, version, value, updated FROM document
        WHERE tenant = ? AND collection = ? AND name >= ? AND name < ? AND name > ? ORDER BY name LIMIT ?
        """,
        [
          .text(tenant.name), .text(collection), .text(prefix), .text(prefix + "\u{10FFFF}"), .text(name ?? ""),
          .integer(max(1, limit)),
        ]
      ) {
        Document(
          DocumentKey(collection, $0.text(0), tenant: tenant), version: $0.integer(1), value: $0.json(2) ?? .null,
          updated: Timestamp(microseconds: $0.integer(3)))
      }
    }
  }
}

extension WriteTransaction {
  func version(_ key: DocumentKey) throws -> Int64 {
    try db.first(
      "SELECT version FROM document WHERE tenant = ? AND collection = ? AND name = ?", key.values
    ) { $0.integer(0) } ?? 0
  }

  func write(_ write: DocumentWrite) throws -> Int64 {
    guard let value = write.value else {
      try db.run("DELETE FROM document WHERE tenant = ? AND collection = ? AND name = ?", write.key.values)
      return 0
    }
    let version = try version(write.key) + 1
    try db.run(
      "INSERT OR REPLACE INTO document (tenant, collection, name, version, value, updated) VALUES (?, ?, ?, ?, ?, ?)",
      write.key.values + [.integer(version), .blob(value.bytes), .integer(now.microseconds)])
    return version
  }
}

extension SQLiteStore: BlobStore {
  public func put(_ blob: Blob, at key: DocumentKey) async throws(EngineError) {
    try await commits.write { transaction in
      _ = try transaction.db.run(
        "INSERT OR REPLACE INTO blob (tenant, collection, name, type, bytes) VALUES (?, ?, ?, ?, ?)",
        key.values + [.text(blob.contentType), .blob(blob.bytes)])
    }
  }

  public func blob(_ key: DocumentKey) async throws(EngineError) -> Blob? {
    try await read { db in
      try db.first("SELECT type, bytes FROM blob WHERE tenant = ? AND collection = ? AND name = ?", key.values) {
        Blob(contentType: $0.text(0), bytes: $0.blob(1))
      }
    }
  }

  public func deleteBlob(_ key: DocumentKey) async throws(EngineError) -> Bool {
    try await commits.write { transaction in
      try transaction.db.run("DELETE FROM blob WHERE tenant = ? AND collection = ? AND name = ?", key.values) > 0
    }
  }
}
