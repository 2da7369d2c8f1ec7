import CelerityCore
import CelerityJSON
import CelerityRoutes

/// The items of a tenant in the document store. Two who change one item at the same time do so one after the other, and
/// nobody brings back an item that another one deletes meanwhile: every write names the version it was made from.
struct ItemShelf: Sendable {
  static let collection = "items"
  /// Items are read in small portions, because one may hold kilobytes.
  private static let portion = 200
  /// How often a change is tried again because somebody else was quicker. Each time somebody was, so many have succeeded.
  private static let patience = 100

  let documents: any DocumentStore
  let tenant: Tenant

  /// An item with the version of its document.
  struct Versioned: Sendable {
    var item: RawJSON
    var version: Int64
  }

  private func key(_ id: ItemID) -> DocumentKey { DocumentKey(Self.collection, id.documentName, tenant: tenant) }

  /// Stores a new item.
  func add(
    _ fields: ItemFields, at now: Timestamp, ids: any IDSource
  ) async throws(EngineError) -> (id: ItemID, stored: Versioned) {
    for _ in 0..<Self.patience {
      let id = ItemID(at: now, unique: ids.next())
      let item = Item(id: id, fields: fields, created: now, updated: now).json
      if case .written(let versions) = try await documents.write([DocumentWrite(key(id), item, expecting: 0)]) {
        return (id, Versioned(item: item, version: versions[0]))
      }
    }
    throw EngineError(.conflict, "no free id was found")
  }

  /// The item of an id.
  func item(_ id: ItemID) async throws(EngineError) -> Versioned? {
    try await documents.documents([key(id)])[0].map { Versioned(item: $0.value, version: $0.version) }
  }

  /// Items, newest first: behind one of them, and then behind so many others. What is skipped is read, so `after` is the
  /// cheap way to go through many.
  func page(after id: ItemID?, skip: Int, limit: Int) async throws(EngineError) -> [RawJSON] {
    var name = id?.documentName
    var toSkip = skip
    var items: [RawJSON] = []
    while items.count < limit {
      let wanted = min(Self.portion, toSkip + limit - items.count)
      let found = try await documents.documents(
        in: Self.collection, of: tenant, prefix: "", after: name, limit: wanted)
      items += found.dropFirst(toSkip).map(\.value)
      toSkip = max(0, toSkip - found.count)
      guard found.count == wanted, let last = found.last else { break }
      name = last.key.name
    }
    return items
  }

  /// Changes an item under a condition; `nil` when there is none.
  func change(
    _ id: ItemID, _ condition: Precondition, at now: Timestamp, by change: ItemChange
  ) async throws -> Versioned? {
    for _ in 0..<Self.patience {
      guard let found = try await item(id) else { return nil }
      try condition.check(found.version)
      guard var item = Item(found.item) else { throw EngineError(.corrupt, "the item \(id) can't be read") }
      item.fields = change.applied(to: item.fields)
      item.updated = max(now, item.created)
      let write = DocumentWrite(key(id), item.json, expecting: found.version)
      if case .written(let versions) = try await documents.write([write]) {
        return Versioned(item: item.json, version: versions[0])
      }
    }
    throw Self.busy(id)
  }

  /// Deletes an item under a condition; whether there was one.
  func remove(_ id: ItemID, _ condition: Precondition) async throws -> Bool {
    for _ in 0..<Self.patience {
      guard let found = try await item(id) else { return false }
      try condition.check(found.version)
      if case .written = try await documents.write([DocumentWrite(key(id), nil, expecting: found.version)]) {
        return true
      }
    }
    throw Self.busy(id)
  }

  private static func busy(_ id: ItemID) -> EngineError {
    EngineError(.unavailable, "the item \(id) is changed by too many at once")
  }
}
