public import CelerityCore

extension StoreModel {
  /// `DocumentStore.documents(_:)`.
  public func documents(_ keys: [DocumentKey]) -> [Document?] {
    keys.map { collections[$0.scope]?[ByteText($0.name)] }
  }

  /// `DocumentStore.write`. All conditions are looked at before the first write.
  public mutating func write(_ writes: [DocumentWrite], at moment: Moment) -> DocumentWriteResult {
    for write in writes {
      let found = version(write.key)
      if let expected = write.expectedVersion, expected != found { return .conflict(write.key, found: found) }
    }
    return .written(writes.map { self.write($0, at: moment) })
  }

  private func version(_ key: DocumentKey) -> Int64 {
    collections[key.scope]?[ByteText(key.name)]?.version ?? 0
  }

  private mutating func write(_ write: DocumentWrite, at moment: Moment) -> Int64 {
    guard let value = write.value else {
      collections[write.key.scope]?[ByteText(write.key.name)] = nil
      return 0
    }
    let version = version(write.key) + 1
    collections[write.key.scope, default: [:]][ByteText(write.key.name)] = Document(
      write.key, version: version, value: value, updated: moment.now)
    return version
  }

  /// `DocumentStore.documents(in:of:prefix:after:limit:)`.
  public func documents(
    in collection: String, of tenant: Tenant, prefix: String, after name: String?, limit: Int
  ) -> [Document] {
    let documents = collections[ScopedName(collection, tenant: tenant)] ?? [:]
    let wanted = documents.filter { key, _ in
      key.hasPrefix(prefix) && name.map { ByteText($0) < key } ?? true
    }
    return wanted.sorted { $0.key < $1.key }.prefix(max(1, limit)).map(\.value)
  }

  /// `BlobStore.put`.
  public mutating func put(_ blob: Blob, at key: DocumentKey) {
    blobs[key.scope, default: [:]][ByteText(key.name)] = blob
  }

  /// `BlobStore.blob`.
  public func blob(_ key: DocumentKey) -> Blob? {
    blobs[key.scope]?[ByteText(key.name)]
  }

  /// `BlobStore.deleteBlob`.
  public mutating func deleteBlob(_ key: DocumentKey) -> Bool {
    blobs[key.scope]?.removeValue(forKey: ByteText(key.name)) != nil
  }
}

extension DocumentKey {
  fileprivate var scope: ScopedName { ScopedName(collection, tenant: tenant) }
}
