import CelerityCore
import CeleryWire

/// Celery's own workers as far as their heartbeats tell of them, for lists of who is there. They say nothing of their queues,
/// slots and tasks that way. Workers of ours announce themselves in the store and are left out.
struct PeerRoster: Sendable {
  private struct Entry: Sendable {
    var worker: WorkerInfo
    var until: Duration
  }

  /// Most that are remembered: names come from anybody.
  private static let capacity = 10_000
  private var entries: [String: Entry] = [:]

  /// What a worker has said, at a time on the listener's own clock.
  mutating func hear(_ event: HeardEvent, at now: Duration) {
    guard !event.isOurs else { return }
    if event.type == "worker-offline" {
      entries[event.hostname] = nil
    } else if let worker = event.worker, let lifetime = event.lifetime {
      if entries[event.hostname] == nil, entries.count >= Self.capacity {
        entries = entries.filter { $0.value.until > now }
        if entries.count >= Self.capacity { return }
      }
      var worker = worker
      // What was heard first is when it was there at the latest.
      if let known = entries[event.hostname], known.worker.incarnation == worker.incarnation {
        worker.startedAt = known.worker.startedAt
        // A heartbeat that was asked for tells no numbers.
        if !event.tellsLoad { (worker.running, worker.processed) = (known.worker.running, known.worker.processed) }
      }
      entries[event.hostname] = Entry(worker: worker, until: now + lifetime)
    }
  }

  /// Those that have been heard of lately.
  func alive(at now: Duration) -> [WorkerInfo] { entries.values.filter { $0.until > now }.map(\.worker) }
}
