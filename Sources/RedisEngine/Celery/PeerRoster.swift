import CelerityCore
import CeleryWire

/// Celery's own workers as far as their heartbeats tell of them, for lists of who is there; their queues, slots and tasks they
/// tell when they are asked. Workers of ours announce themselves in the store and are left out.
struct PeerRoster: Sendable {
  private struct Entry: Sendable {
    var worker: WorkerInfo
    var until: Duration
    var isAsked = false
    /// How often it has not answered: at its start a worker says that it is there before it listens.
    var silences = 0
  }

  private static let mostSilences = 10
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
        (worker.queues, worker.tasks, worker.concurrency) =
          (known.worker.queues, known.worker.tasks, known.worker.concurrency)
        // A heartbeat that was asked for tells no numbers.
        if !event.tellsLoad { (worker.running, worker.processed) = (known.worker.running, known.worker.processed) }
      }
      var entry = Entry(worker: worker, until: now + lifetime)
      if let known = entries[event.hostname], known.worker.incarnation == worker.incarnation {
        (entry.isAsked, entry.silences) = (known.isAsked, known.silences)
      }
      entries[event.hostname] = entry
    }
  }

  /// Those that were not asked yet.
  func strangers(at now: Duration) -> [String] { entries.filter { $1.until > now && !$1.isAsked }.map(\.key).sorted() }

  /// They were asked, and this is what they answered, if they did.
  mutating func learn(_ answers: [String: PeerInterview.Answers], asked names: [String]) {
    for name in names {
      guard var entry = entries[name] else { continue }
      if let answer = answers[name] {
        entry.isAsked = true
        entry.worker.queues = answer.queues ?? entry.worker.queues
        entry.worker.tasks = answer.tasks ?? entry.worker.tasks
        entry.worker.concurrency = answer.concurrency ?? entry.worker.concurrency
      } else {
        entry.silences += 1
        if entry.silences >= Self.mostSilences { entry.isAsked = true }
      }
      entries[name] = entry
    }
  }

  /// Those that have been heard of lately.
  func alive(at now: Duration) -> [WorkerInfo] { entries.values.filter { $0.until > now }.map(\.worker) }
}
