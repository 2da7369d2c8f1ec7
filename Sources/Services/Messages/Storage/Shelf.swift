import CelerityCore
import CelerityJSON
import CelerityTasks

/// The service's documents of one tenant: which collections there are, and what their names are made of.
///
/// | collection | names | holds |
/// | --- | --- | --- |
/// | `messages.row` | message id | metadata, written once by the API |
/// | `messages.index` | `all/…`, `user/{user}/…` | message ids, the newest first |
/// | `messages.status` | task id | the status history of the task |
/// | `messages.content` | message id | content and analysis, written by the worker |
/// | `messages.user` | user | counts of a user |
/// | `messages.counted` | task id | marks that the message counts for its user |
/// | `messages.log` | `task/{task}/…`, `all/…`, `user/{user}/…` | log entries |
/// | `messages.alert` | `task/{task}/…`, `all/…`, `kind/{kind}/…`, `user/{user}/…` | alerts |
///
/// A user stands in names as a digest of his id, because ids are text of clients: no id can reach into another's names.
struct Shelf: Sendable {
  enum Collection: String {
    case row = "messages.row"
    case index = "messages.index"
    case status = "messages.status"
    case content = "messages.content"
    case user = "messages.user"
    case counted = "messages.counted"
    case log = "messages.log"
    case alert = "messages.alert"
  }

  let documents: any DocumentStore
  let tenant: Tenant

  /// The key of a document.
  func key(_ collection: Collection, _ name: String) -> DocumentKey {
    DocumentKey(collection.rawValue, name, tenant: tenant)
  }

  /// A document with its version, decoded; `nil` when there is none.
  func read<Value: Decodable>(
    _ type: Value.Type, _ collection: Collection, _ name: String
  ) async throws(EngineError) -> Versioned<Value>? {
    let document = try await documents.documents([key(collection, name)])[0]
    guard let document else { return nil }
    return Versioned(value: try decode(type, document), version: document.version)
  }

  /// Documents of one collection, decoded, in the order of their names.
  func read<Value: Decodable>(
    _ type: Value.Type, _ collection: Collection, _ names: [String]
  ) async throws(EngineError) -> [Value?] {
    guard !names.isEmpty else { return [] }
    var values: [Value?] = []
    for document in try await documents.documents(names.map { key(collection, $0) }) {
      if let document { values.append(try decode(type, document)) } else { values.append(nil) }
    }
    return values
  }

  /// A page of documents whose names begin so, and where the next page begins.
  func page<Value: Decodable>(
    _ type: Value.Type, _ collection: Collection, prefix: String, _ page: PageRequest
  ) async throws(EngineError) -> (values: [Value], next: String?) {
    let found = try await documents.documents(
      in: collection.rawValue, of: tenant, prefix: prefix, after: page.cursor.map { prefix + $0 }, limit: page.limit + 1
    )
    var values: [Value] = []
    for document in found.prefix(page.limit) { values.append(try decode(type, document)) }
    let isMore = found.count > page.limit
    return (values, isMore ? String(found[page.limit - 1].key.name.dropFirst(prefix.count)) : nil)
  }

  /// A write of a value.
  func put(
    _ collection: Collection, _ name: String, _ value: some Encodable, expecting version: Int64? = nil
  ) throws(EngineError) -> DocumentWrite {
    do {
      return DocumentWrite(key(collection, name), try RawJSONEncoder().encode(value), expecting: version)
    } catch {
      throw EngineError(.invalid, "a document of \(collection.rawValue) can't be written: \(error)")
    }
  }

  /// A document's value.
  func decode<Value: Decodable>(_ type: Value.Type, _ document: Document) throws(EngineError) -> Value {
    do {
      return try RawJSONDecoder().decode(type, from: document.value)
    } catch {
      throw EngineError(.corrupt, "the document \(document.key.name) of \(document.key.collection) can't be read")
    }
  }
}

/// A value with the version of its document, which a conditional write asks for.
struct Versioned<Value: Sendable>: Sendable {
  var value: Value
  var version: Int64
}

/// Parts of names.
enum NamePart {
  /// A time that sorts the newest first.
  static func newestFirst(_ time: Timestamp) -> String { hex(UInt64(bitPattern: Int64.max &- time.microseconds), 16) }

  /// A user's id as a part of a name.
  static func user(_ id: String) -> String {
    SHA256.digest(Array(id.utf8)).prefix(16).map { hex(UInt64($0), 2) }.joined()
  }

  static func number(_ number: Int, digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  private static func hex(_ number: UInt64, _ digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

/// A page of a list.
struct PageRequest: Sendable, Hashable {
  var limit: Int
  /// Where the page before ended.
  var cursor: String?
}
