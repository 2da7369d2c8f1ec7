import CelerityCore
import CelerityJSON
import CeleryWire
import Logging
import NIOCore
import RESPClient

/// What Python's workers make of our tasks: they store results as Celery does and know nothing of records.
extension RedisStore {
  /// What one of ours has stored is in its record already, and may be of an earlier attempt; only what a Python worker wrote
  /// is news, which is told by its blanks.
  private static func peersMeta(_ bytes: ByteBuffer) -> ResultMeta? {
    guard bytes.readableBytesView.starts(with: #"{"status": "#.utf8) else { return nil }
    return ResultMeta(RawJSON(unchecked: Array(bytes.readableBytesView)))
  }

  /// Somebody published a result.
  func hearResult(_ channel: String, _ bytes: ByteBuffer) async {
    let prefix = keys.meta(TaskKey(TaskID(stored: "")))
    guard channel.hasPrefix(prefix), let meta = Self.peersMeta(bytes) else { return }
    do {
      try await absorb([TaskKey(TaskID(stored: String(channel.dropFirst(prefix.count)))): meta])
    } catch {
      // Whoever looks at the record looks at the result too.
      logger.debug("a peer's result was not taken over", metadata: ["error": "\(error)"])
    }
  }

  /// Records that wait, as far as we know, with what their peers say of them.
  func withPeers(_ lookups: [RecordLookup]) async throws(EngineError) -> [RecordLookup] {
    let waiting = lookups.indices.filter { index in
      guard let record = lookups[index].record else { return false }
      return record.isWaiting && record.message.tenant == .default
    }
    if waiting.isEmpty { return lookups }
    let replies = try await client.engineReplies(
      waiting.compactMap { lookups[$0].record }.map { RESPCommand("GET", .text(keys.meta($0.key))) })
    var lookups = lookups
    var ended: [TaskKey: ResultMeta] = [:]
    for (index, reply) in zip(waiting, replies) {
      guard var record = lookups[index].record, let meta = reply.bytes.flatMap(Self.peersMeta) else { continue }
      if meta.outcome == nil {
        record.show(meta)
        lookups[index] = .found(record)
      } else {
        ended[record.key] = meta
      }
    }
    if ended.isEmpty { return lookups }
    try await absorb(ended)
    let reread = try await ownRecords(Array(ended.keys))
    let byKey = Dictionary(zip(ended.keys, reread)) { first, _ in first }
    for index in waiting {
      if let key = lookups[index].record?.key, let lookup = byKey[key] { lookups[index] = lookup }
    }
    return lookups
  }

  /// Ends records whose tasks have ended elsewhere.
  private func absorb(_ metas: [TaskKey: ResultMeta]) async throws(EngineError) {
    try await transactions.run { draft throws(DraftError) in
      try draft.need(metas.keys.map { .task($0) })
      for (key, meta) in metas {
        guard let row = try draft.looking({ draft throws(Missing) in try draft.row(key) }), row.record.isWaiting,
          let outcome = meta.outcome
        else { continue }
        try draft.absorb(outcome, of: row, worker: meta.request?.worker ?? "celery")
      }
    }
  }
}

extension ResultMeta {
  /// How the task ended, if it did.
  fileprivate var outcome: Outcome? {
    switch status {
    case "SUCCESS": return .success(result)
    case "FAILURE":
      return .failure(failure ?? TaskFailure(type: "Exception", module: "builtins", message: result.description))
    case "REVOKED":
      let words = failure?.arguments.first?.stringValue
      return .revoked(reason: words.map(RevocationReason.init(rawValue:)) ?? .revoked)
    default: return nil
    }
  }
}

extension TaskRecord {
  /// Shows what a peer that runs the task says of it now.
  fileprivate mutating func show(_ meta: ResultMeta) {
    switch meta.status {
    case "STARTED":
      state = .started
      worker = meta.result["hostname"]?.stringValue
    case "RETRY":
      state = .retry
      failure = meta.failure
    case "PENDING", "RECEIVED": break
    default:
      // PROGRESS, and states of the user's own.
      state = .progress
      progress = meta.result
    }
  }
}
