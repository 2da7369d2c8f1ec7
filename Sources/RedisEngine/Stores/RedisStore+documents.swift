public import CelerityCore
import CelerityJSON
import NIOCore
import RESPClient

extension RedisStore: DocumentStore {
  public func documents(_ keys: [DocumentKey]) async throws(EngineError) -> [Document?] {
    let replies = try await client.engineReplies(
      keys.map { RESPCommand("HGET", .text(self.keys.named("documents:\($0.scope)")), .text($0.name)) })
    var documents: [Document?] = []
    for (key, reply) in zip(keys, replies) {
      documents.append(try reply.bytes.map { bytes throws(EngineError) in try Document(key, stored: bytes) })
    }
    return documents
  }

  public func write(_ writes: [DocumentWrite]) async throws(EngineError) -> DocumentWriteResult {
    if writes.isEmpty { return .written([]) }
    var arguments: [RESPCommand.Argument] = [.text(keys.prefix), .text(clock.arguments.now)]
    for write in writes {
      arguments += [
        .text(write.key.scope), .text(write.key.name), .text(write.expectedVersion.map(String.init) ?? ""),
        write.value == nil ? "0" : "1", .bytes(ByteBuffer(bytes: write.value?.bytes ?? [])),
      ]
    }
    let reply = try await DocumentScripts.write.engineRun(on: client, arguments)
    let numbers = (reply.elements ?? []).map { $0.integer ?? 0 }
    switch numbers.first {
    case 1 where numbers.count == writes.count + 1: return .written(Array(numbers.dropFirst()))
    case 0 where numbers.count == 3 && writes.indices.contains(Int(numbers[1])):
      return .conflict(writes[Int(numbers[1])].key, found: numbers[2])
    default: throw EngineError(.corrupt, "the script that writes documents answered nonsense")
    }
  }

  public func documents(
    in collection: String, of tenant: Tenant, prefix: String, after name: String?, limit: Int
  ) async throws(EngineError) -> [Document] {
    let scope = DocumentKey(collection, "", tenant: tenant).scope
    // No name holds the byte FF, so that it stands behind all that begin with the prefix.
    let last: [UInt8] = prefix.isEmpty ? [UInt8(ascii: "+")] : [UInt8(ascii: "(")] + Array(prefix.utf8) + [0xFF]
    let isBehind = name.map { ByteText(prefix) <= ByteText($0) } ?? false
    let reply = try await DocumentScripts.list.engineRun(
      on: client,
      [
        .text(keys.named("documents:\(scope)")), .text(keys.named("names:\(scope)")),
        .text(isBehind ? "(\(name ?? "")" : "[\(prefix)"), .bytes(ByteBuffer(bytes: last)), .number(max(1, limit)),
      ])
    var documents: [Document] = []
    for pair in reply.pairs {
      guard let name = pair.key.string, let bytes = pair.value.bytes else { continue }
      documents.append(try Document(DocumentKey(collection, name, tenant: tenant), stored: bytes))
    }
    return documents
  }
}

extension DocumentKey {
  /// `tenant/collection`; a tenant's name holds no slash.
  fileprivate var scope: String { "\(tenant.name)/\(collection)" }

  /// One text per key: the only slashes are the two that stand between its parts, but for those in the name.
  fileprivate var path: String {
    var path = "\(tenant.name)/"
    for character in collection.unicodeScalars {
      switch character {
      case "/": path += "%2F"
      case "%": path += "%25"
      default: path.unicodeScalars.append(character)
      }
    }
    return "\(path)/\(name)"
  }
}

extension Document {
  fileprivate init(_ key: DocumentKey, stored bytes: ByteBuffer) throws(EngineError) {
    let json = RawJSON(unchecked: Array(bytes.readableBytesView))
    let members = json.members() ?? []
    guard members.count == 3, let version = members[0].value.int64Value, let updated = members[1].value.int64Value
    else { throw EngineError(.corrupt, "the document \(key.name) of \(key.collection) can't be read") }
    self.init(key, version: version, value: members[2].value, updated: Timestamp(microseconds: updated))
  }
}

extension RedisStore: BlobStore {
  private func blobKey(_ key: DocumentKey) -> RESPCommand.Argument { .text(keys.named("blob:\(key.path)")) }

  public func put(_ blob: Blob, at key: DocumentKey) async throws(EngineError) {
    _ = try await client.engineReplies([
      RESPCommand(
        "HSET", blobKey(key), "type", .text(blob.contentType), "bytes", .bytes(ByteBuffer(bytes: blob.bytes)))
    ])
  }

  public func blob(_ key: DocumentKey) async throws(EngineError) -> Blob? {
    let replies = try await client.engineReplies([RESPCommand("HMGET", blobKey(key), "type", "bytes")])
    guard let fields = replies[0].elements, fields.count == 2, let type = fields[0].string, let bytes = fields[1].bytes
    else { return nil }
    return Blob(contentType: type, bytes: Array(bytes.readableBytesView))
  }

  public func deleteBlob(_ key: DocumentKey) async throws(EngineError) -> Bool {
    try await client.engineReplies([RESPCommand("DEL", blobKey(key))])[0].integer == 1
  }
}
