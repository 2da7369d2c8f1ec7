import CelerityCore
import CeleryWire
import NIOCore
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
      case (.finished, _), (.ready, _), (.leased, _): break
      }
    }
  }

  /// Workers of Celery's tell that they live.
  func hearWorkers(_ bytes: ByteBuffer) {
    guard let envelope = try? Envelope(Array(bytes.readableBytesView)) else { return }
    let now = time.uptime
    roster.withLock { roster in for event in HeardEvent.events(in: envelope) { roster.hear(event, at: now) } }
  }
}
