import CelerityCore
import CeleryWire

/// Every key and channel in Redis has its name here. Celery's own keep Celery's layout, because Python producers, workers
/// and Flower read them, and are spelled in `CeleryWire`; what Celery lacks is under `celerity:` beside them. See docs/decisions/0002 and 0011.
struct Keys: Sendable {
  let prefix: String

  init(prefix: String = "") { self.prefix = prefix }

  // MARK: Celery's

  /// The list in which messages of a priority wait.
  func list(_ queue: QueueKey, for priority: Priority?) -> String {
    prefix + KombuQueue.listKey(queue.text, KombuQueue.step(priority))
  }

  /// All lists of a queue, the most urgent first.
  func lists(_ queue: QueueKey) -> [String] { KombuQueue.listKeys(queue.text).map { prefix + $0 } }

  /// Whether the list of a queue of this name would be a key that Celery, kombu or we have for something else.
  static func isReserved(_ queue: QueueKey) -> Bool {
    let name = queue.text
    return ["unacked", "unacked_index", "unacked_mutex"].contains(name)
      || ["celerity:", "_kombu.", "celery-task-meta-", "celery-taskset-meta-"].contains { name.hasPrefix($0) }
  }

  var unacked: String { "\(prefix)unacked" }
  var unackedIndex: String { "\(prefix)unacked_index" }
  func binding(_ exchange: String) -> String { "\(prefix)_kombu.binding.\(exchange)" }
  func permanentBinding(_ exchange: String) -> String { "\(prefix)_kombu.binding_permanent.\(exchange)" }

  /// Celery's record of a task: a key, and the channel of the same name. Tenants but the default one are unknown to
  /// Celery, and a slash keeps them apart.
  func meta(_ key: TaskKey) -> String { prefix + ResultKey.task(key.tenant == .default ? key.id.text : key.text) }

  /// What Celery counts a chord by.
  func chord(_ group: ScopedName, _ part: ResultKey.ChordCount) -> String {
    prefix + ResultKey.chord(group.tenant == .default ? group.name.text : group.text, part)
  }

  // MARK: Our own

  private func own(_ name: String) -> String { "\(prefix)celerity:\(name)" }

  /// A task's record: a hash.
  func task(_ key: TaskKey) -> String { own("task:\(key.text)") }
  func steps(_ key: TaskKey, generation: Int) -> String { own("steps:\(generation):\(key.text)") }
  func log(_ key: TaskKey) -> String { own("log:\(key.text)") }
  func tombstone(_ key: TaskKey) -> String { own("gone:\(key.text)") }
  func idempotency(_ name: ScopedName) -> String { own("idem:\(name.text)") }
  func unique(_ name: ScopedName) -> String { own("unique:\(name.text)") }
  /// What our stores know of a group beside Celery's counters: its body.
  func group(_ name: ScopedName) -> String { own("group:\(name.text)") }

  /// Number of the last change, and the last token.
  var seq: String { own("seq") }
  /// Order of acceptance.
  var position: String { own("position") }
  /// Tasks by the number of their last change.
  var feed: String { own("feed") }
  /// The highest change whose record was forgotten.
  var forgotten: String { own("forgotten") }
  /// Tasks of a tenant by order of acceptance.
  func accepted(_ tenant: Tenant) -> String { own("accepted:\(tenant.name)") }
  /// Delayed tasks by the time they are due, of all queues and of one.
  var delay: String { own("delay") }
  func delayed(_ queue: QueueKey) -> String { own("delayed:\(queue.text)") }
  /// Waiting tasks by their expiry.
  var expiring: String { own("expiring") }
  /// Claims (their tags) by the end of their lease.
  var lease: String { own("lease") }
  /// Messages of members whose chords are to be looked at again, by their tags among the leases.
  var looks: String { own("looks") }
  /// How many claims each queue has.
  var leased: String { own("leased") }
  /// Ended tasks of a state by the time of their end.
  func ended(_ state: TaskState) -> String { own("ended:\(state.rawValue)") }
  var paused: String { own("paused") }
  /// Queues that were ever used, and tenants.
  var queues: String { own("queues") }
  var tenants: String { own("tenants") }
  var counters: String { own("counters") }
  /// How many claims there were: which queue and step come first depends on it.
  var claims: String { own("claims") }
  /// Messages that can't be read and name no task.
  var unreadable: String { own("unreadable") }

  /// Channel: tasks that changed.
  var changes: String { own("changes") }
  /// Channel: work is ready, something is due, a worker has orders.
  var wake: String { own("wake") }

  /// The name of a claim in `unacked` and among the leases. Never kombu's own tag, which is used again on redelivery.
  static func tag(_ key: TaskKey, token: Int64) -> String { "celerity:\(key.text):\(token)" }

  /// Whether a message is filed as a claim of ours, and not of a Python worker's.
  static func isTag(_ text: String) -> Bool { text.hasPrefix("celerity:") }

  /// Names for keys of other stores: `celerity:<name>`.
  func named(_ name: String) -> String { own(name) }
}
