import CelerityCore
import CeleryWire
import NIOCore
import RESPClient
import Synchronization

extension RedisStore {
  /// Tells of tasks that a claim has met and that no worker gets: those that must wait for their time are received all the
  /// same, as Celery's monitors understand it, and those that came too late have ended.
  func tell(_ records: [TaskRecord]) {
    guard let outbox = passers.withLock({ $0 }) else { return }
    for record in records {
      switch (record.phase, record.state) {
      case (.delayed, _): outbox.note(.received, of: record.message)
      case (.finished, .revoked) where record.reason == RevocationReason.expired.rawValue:
        outbox.note(.ended(.revoked(reason: .expired), ran: nil), of: record.message)
      case (.finished, .failure):
        if let failure = record.failure { outbox.note(.ended(.rejected(failure), ran: nil), of: record.message) }
      case (.finished, _), (.ready, _), (.leased, _), (.promised, _): break
      }
    }
  }

  /// Workers of Celery's tell that they live.
  func hearWorkers(_ bytes: ByteBuffer) {
    guard let envelope = try? Envelope(Array(bytes.readableBytesView)) else { return }
    let now = time.uptime
    let isStrange = roster.withLock { roster in
      for event in HeardEvent.events(in: envelope) { roster.hear(event, at: now) }
      return !roster.strangers(at: now).isEmpty
    }
    if isStrange { peerBell.ring() }
  }

  /// How often workers are asked again: their queues can change while they run.
  private static let interviewEvery = Duration.seconds(30)

  /// Asks Celery's workers what they do, new ones at once, until cancelled.
  func interviewPeers() async {
    let interview = PeerInterview(
      client: client, names: FanoutNames(prefix: keys.prefix, database: configuration.endpoint.database), ids: ids,
      time: time)
    var next = time.uptime + Self.interviewEvery
    while !Task.isCancelled {
      let rings = peerBell.rings
      let now = time.uptime
      let isDue = now >= next
      if isDue { next = now + Self.interviewEvery }
      let names = roster.withLock { roster in
        isDue ? roster.alive(at: now).map(\.name) : roster.strangers(at: now)
      }
      if names.isEmpty {
        await peerBell.wait(beyond: rings, until: next, on: time)
      } else {
        let answers = try? await interview.ask(names)
        roster.withLock { $0.learn(answers ?? [:], asked: names) }
      }
    }
  }
}
