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
          "SELECT \(documentColumns) FROM document WHERE tenant = ? AND collection = ? AND name = ?", key.values,
          readDocument)
      }
    }
  }

  public func write(_ writes: [DocumentWrite]) async throws(EngineError) -> DocumentWriteResult {
    guard !writes.isEmpty else { return .written([]) }
    return try await commits.write { transaction in
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
    let limit = max(1, limit)
    return try await read { db in
      var documents: [Document] = []
      // Names with a prefix stand together, from the prefix on.
      try db.each(
        "SELECT \(documentColumns) FROM document WHERE tenant = ? AND collection = ? AND name >= ? ORDER BY name",
        [.text(tenant.name), .text(collection), .text(name.map { $0.precedes(prefix) ? prefix : $0 } ?? prefix)]
      ) { row in
        let document = try readDocument(row)
        guard document.key.name.utf8.starts(with: prefix.utf8) else { return false }
        if let name, !name.precedes(document.key.name) { return true }
        documents.append(document)
        return documents.count < limit
      }
      return documents
    }
  }
}

private let documentColumns = "tenant, collection, name, version, value, updated, seal"

private func readDocument(_ row: Columns) throws -> Document {
  try row.checkSeal(7)
  return Document(
    DocumentKey(row.text(1), row.text(2), tenant: Tenant(stored: row.text(0))), version: row.integer(3),
    value: row.json(4) ?? .null, updated: Timestamp(microseconds: row.integer(5)))
}

extension String {
  /// Byte by byte, as the table compares.
  fileprivate func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

extension WriteTransaction {
  func version(_ key: DocumentKey) throws -> Int64 {
    try db.first(
      "SELECT \(documentColumns) FROM document WHERE tenant = ? AND collection = ? AND name = ?", key.values,
      readDocument
    )?.version ?? 0
  }

  func write(_ write: DocumentWrite) throws -> Int64 {
    guard let value = write.value else {
      try db.run("DELETE FROM document WHERE tenant = ? AND collection = ? AND name = ?", write.key.values)
      return 0
    }
    let version = try version(write.key) + 1
    try db.seal(
      "INSERT OR REPLACE INTO document (\(documentColumns)) VALUES (?, ?, ?, ?, ?, ?, ?)",
      write.key.values + [.integer(version), .blob(value.bytes), .integer(now.microseconds)])
    return version
  }
}

extension SQLiteStore: BlobStore {
  public func put(_ blob: Blob, at key: DocumentKey) async throws(EngineError) {
    try await commits.write { transaction in
      _ = try transaction.db.seal(
        "INSERT OR REPLACE INTO blob (tenant, collection, name, type, bytes, seal) VALUES (?, ?, ?, ?, ?, ?)",
        key.values + [.text(blob.contentType), .blob(blob.bytes)])
    }
  }

  public func blob(_ key: DocumentKey) async throws(EngineError) -> Blob? {
    try await read { db in
      try db.first(
        """
        SELECT tenant, collection, name, type, bytes, seal FROM blob WHERE tenant = ? AND collection = ? AND name = ?
        """, key.values
      ) { row in
        try row.checkSeal(6)
        return Blob(contentType: row.text(3), bytes: row.blob(4))
      }
    }
  }

  public func deleteBlob(_ key: DocumentKey) async throws(EngineError) -> Bool {
    try await commits.write { transaction in
      try transaction.db.run("DELETE FROM blob WHERE tenant = ? AND collection = ? AND name = ?", key.values) > 0
    }
  }
}
