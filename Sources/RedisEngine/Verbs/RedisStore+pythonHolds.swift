import CelerityCore
import CeleryWire
import Logging
import NIOCore
import RESPClient
import Synchronization

/// When it is looked for what Python workers have held for too long: nobody says what they take and when they die.
struct PythonHolds: Sendable {
  /// How often; `nil` where it is left to them.
  let pause: Duration?
  /// When next, on the clock that only runs forward.
  var next = Duration.zero
  /// Whether it was said that some of it is not ours to put back.
  var hasWarned = false

  init(visibilityTimeout: Duration) {
    pause = visibilityTimeout > .zero ? min(max(visibilityTimeout, .seconds(1)), .seconds(30)) : nil
  }
}

extension RedisStore {
  var pythonHolds: PythonHolds { pythonWatch.withLock { $0 } }

  /// Puts back what Python workers have held for longer than their fleet allows. A living one does that too, but none may
  /// be left, and a dead one's lock keeps the others from it for five minutes.
  func reclaimFromPython() async throws(EngineError) -> Int {
    let uptime = time.uptime
    let isTime = pythonWatch.withLock { watch in
      guard let pause = watch.pause, uptime >= watch.next else { return false }
      watch.next = uptime + pause
      return true
    }
    guard isTime else { return 0 }
    let bound = (clock.moment.now + (.zero - configuration.visibilityTimeout)).microseconds / 1_000_000
    var (count, left) = (0, 0)
    while true {
      let reply = try await client.engineReplies([
        RESPCommand(
          "ZRANGEBYSCORE", .text(keys.unackedIndex), "-inf", .number(bound), "LIMIT", .number(left),
          .number(Self.pageOfHolds))
      ])[0]
      let page = (reply.elements ?? []).compactMap(\.string)
      let tags = page.filter { !Keys.isTag($0) }
      left += page.count
      // A message may be large.
      for start in stride(from: 0, to: tags.count, by: Self.holdsAtOnce) {
        let done = try await giveBack(Array(tags[start...].prefix(Self.holdsAtOnce)), heldSince: bound)
        count += done.back
        left -= done.back + done.gone
      }
      if time.uptime - uptime > Self.longestRound {
        // What else is due does not wait for very many of them.
        pythonWatch.withLock { $0.next = uptime }
        break
      }
      if page.count < Self.pageOfHolds { break }
    }
    if count > 0 { logger.notice("put back what Python workers held", metadata: ["count": "\(count)"]) }
    return count
  }

  private static let pageOfHolds = 1000
  private static let holdsAtOnce = 50
  private static let longestRound = Duration.seconds(5)

  /// Answers how many were put back, and of how many nothing was left but the name.
  private func giveBack(
    _ tags: [String], heldSince bound: Int64
  ) async throws(EngineError) -> (back: Int, gone: Int) {
    let fields = tags.map { RESPCommand.Argument.text($0) }
    let reply = try await client.engineReplies([RESPCommand(["HMGET", .text(keys.unacked)] + fields)])[0]
    var (back, gone) = (0, 0)
    for (tag, value) in zip(tags, reply.elements ?? []) {
      // kombu uses a tag again: meanwhile another worker may have got the message under it.
      let checks: [Draft.Arguments] = [
        ["h", .text(keys.unacked), .text(tag), .bytes(value.bytes ?? ByteBuffer())],
        ["o", .text(keys.unackedIndex), .text(tag), .number(bound)],
      ]
      if value.bytes == nil {
        let index: [Draft.Arguments] = [["!", "ZREM", .text(keys.unackedIndex), .text(tag)]]
        if case .done = try await transactions.perform(index, if: checks) { gone += 1 }
      } else if let filed = value.bytes.flatMap({ FiledMessage($0.readableBytesView) }), filed.exchange.isEmpty {
        let envelope = Envelope.redelivered(filed.envelope)
        if try await putBack(envelope, filed.queue, from: tag, if: checks) { back += 1 }
      } else {
        warnOnce(tag)
      }
    }
    return (back, gone)
  }

  /// Where a message of an exchange of its own goes is in bindings that only Python reads.
  private func warnOnce(_ tag: String) {
    let isFirst = pythonWatch.withLock { watch in
      defer { watch.hasWarned = true }
      return !watch.hasWarned
    }
    guard isFirst else { return }
    logger.warning(
      "a Python worker holds a message that only a Python worker can put back",
      metadata: ["tag": "\(tag)"])
  }
}
