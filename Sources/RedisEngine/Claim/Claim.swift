import CelerityCore
import CelerityJSON
import CeleryWire
import NIOCore
import RESPClient

/// A message that was claimed.
struct Claim: Sendable {
  /// Whether a record tells of this very message, so that the script has begun its attempt.
  var isOwn: Bool
  var queue: QueueKey
  var token: Int64
  var envelope: [UInt8]
  /// As far as the script could read it.
  var id: String
  var state: [UInt8]
  var position: Int64

  init?(_ reply: RESPValue) {
    guard let parts = reply.elements, parts.count == 7, let kind = parts[0].string, let queue = parts[1].string,
      let token = parts[2].integer, let envelope = parts[3].bytes, let id = parts[4].string, let state = parts[5].bytes
    else { return nil }
    isOwn = kind == "own"
    self.queue = KombuQueue.queue(wireName: queue)
    self.token = token
    self.envelope = Array(envelope.readableBytesView)
    self.id = id
    self.state = Array(state.readableBytesView)
    position = parts[6].integer ?? 0
  }

  /// Whether kombu has put it back: what a Python worker had taken and not run, as when it shuts down.
  var isRedelivered: Bool { (try? Envelope(envelope))?.isRedelivered ?? false }

  /// Under which it is filed.
  var tag: String { Keys.tag(key, token: token) }

  /// Of the task that the message names, as far as the script could read it.
  var key: TaskKey { TaskKey(TaskID(stored: id), tenant: queue.tenant) }

  /// The row as it was before it was claimed.
  func row(_ wire: Wire) throws(EngineError) -> TaskRow {
    var row = try TaskRow(
      key: key, seq: token, state: RawJSON(unchecked: state),
      envelope: envelope, position: position, wire: wire)
    row.strayTag = tag
    return row
  }
}

/// What one call of the claim script gave.
struct Claims: Sendable {
  var moment: Moment
  var deadline: StoreTime
  var claims: [Claim]
  /// Whether nothing was revoked when they were taken.
  var isNothingRevoked = false
  /// Queues of those asked for from which nothing is taken now.
  var paused: Set<QueueKey>

  init?(_ reply: RESPValue) {
    guard let parts = reply.elements, parts.count >= 4, let wall = parts[0].integer, let own = parts[1].integer,
      let deadline = parts[2].integer, let paused = parts[3].elements
    else { return nil }
    moment = Moment(now: Timestamp(microseconds: wall), storeTime: StoreTime(microseconds: own))
    self.deadline = StoreTime(microseconds: deadline)
    self.paused = Set(paused.compactMap { $0.string.map(KombuQueue.queue(wireName:)) })
    claims = parts.dropFirst(4).compactMap(Claim.init)
  }
}
