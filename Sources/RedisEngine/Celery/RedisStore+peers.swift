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
    let key = TaskKey(TaskID(stored: String(channel.dropFirst(prefix.count))))
    do {
      let isKnown = try await absorb([key: meta])
      if !isKnown, let state = TaskState(rawValue: meta.status), state.isTerminal {
        hintStreams.announce([ChangeHint.Change(key: key, state: state)])
      }
    } catch {
      // Whoever looks at the record looks at the result too.
      logger.debug("a peer's result was not taken over", metadata: ["error": "\(error)"])
    }
  }

  /// What peers say of tasks: of those that wait, as far as we know, and of those that we know nothing of, which others
  /// have published.
  func withPeers(_ lookups: [RecordLookup], of keys: [TaskKey]) async throws(EngineError) -> [RecordLookup] {
    let known = try await withPeers(lookups)
    let strange = zip(known, keys).enumerated().filter { $0.element.0 == .unknown && $0.element.1.tenant == .default }
    if strange.isEmpty { return known }
    let replies = try await client.engineReplies(
      strange.map { RESPCommand("GET", .text(self.keys.meta($0.element.1))) })
    var lookups = known
    for ((index, (_, key)), reply) in zip(strange, replies) {
      guard let meta = reply.bytes.flatMap(Self.peersMeta), let outcome = meta.outcome else { continue }
      lookups[index] = .found(TaskRecord(strange: key, meta, outcome, now: clock.moment.now))
    }
    return lookups
  }

  /// Records that wait, as far as we know, with what their peers say of them.
  private func withPeers(_ lookups: [RecordLookup]) async throws(EngineError) -> [RecordLookup] {
    let waiting = lookups.indices.filter { index in
      guard let record = lookups[index].record else { return false }
      return record.mayEndElsewhere && record.message.tenant == .default
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

  /// Ends records whose tasks have ended elsewhere; answers whether there is a record of each.
  @discardableResult
  private func absorb(_ metas: [TaskKey: ResultMeta]) async throws(EngineError) -> Bool {
    try await transactions.run { draft throws(DraftError) in
      try draft.need(metas.keys.map { .task($0) })
      var isKnown = true
      for (key, meta) in metas {
        guard let row = try draft.looking({ draft throws(Missing) in try draft.row(key) }) else {
          isKnown = false
          continue
        }
        guard row.record.mayEndElsewhere, let outcome = meta.outcome else { continue }
        try draft.absorb(outcome, of: row, worker: meta.request?.worker ?? "celery")
      }
      return isKnown
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
  /// The end of a task that others have published and run: what its result tells, which is not even its name unless
  /// `result_extended` is set.
  fileprivate init(strange key: TaskKey, _ meta: ResultMeta, _ outcome: Outcome, now: Timestamp) {
    let request = meta.request
    var message = TaskMessage(
      id: key.id, task: request?.name ?? Self.unknownTask, queue: request?.queue ?? "celery", tenant: key.tenant)
    message.extras.parentID = meta.parentID
    let ended = meta.dateDone ?? now
    self.init(accepting: message, at: ended)
    phase = .finished
    due = nil
    finished = ended
    worker = request?.worker
    switch outcome {
    case .success(let value): (state, result) = (.success, value)
    case .failure(let failure): (state, self.failure) = (.failure, failure)
    case .revoked(let why): (state, reason) = (.revoked, why.rawValue)
    case .retry, .ignored, .released, .rejected: break
    }
  }

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
