import CelerityCore

/// Every key and channel in Redis has its name here. Celery's own keep Celery's layout, because Python producers, workers
/// and Flower read them; what Celery lacks is under `celerity:` beside them. See docs/decisions/0002 and 0011.
struct Keys: Sendable {
  let prefix: String

  init(prefix: String = "") { self.prefix = prefix }

  // MARK: Celery's

  /// The lists of a queue, most urgent step first.
  static let steps = [0, 3, 6, 9]

  /// The list that holds a step of a queue. kombu's separator is the two bytes 06 16.
  func list(_ queue: QueueKey, step: Int) -> String {
    step == 0 ? "\(prefix)\(queue.text)" : "\(prefix)\(queue.text)\u{6}\u{16}\(step)"
  }

  /// All lists of a queue.
  func lists(_ queue: QueueKey) -> [String] { Self.steps.map { list(queue, step: $0) } }

  var unacked: String { "\(prefix)unacked" }
  var unackedIndex: String { "\(prefix)unacked_index" }
  func binding(_ exchange: String) -> String { "\(prefix)_kombu.binding.\(exchange)" }
  func permanentBinding(_ exchange: String) -> String { "\(prefix)_kombu.binding_permanent.\(exchange)" }

  /// Celery's record of a task: a key, and the channel of the same name. Tenants but the default one are unknown to
  /// Celery, and a slash keeps them apart.
  func meta(_ key: TaskKey) -> String {
    "\(prefix)celery-task-meta-\(key.tenant == .default ? key.id.text : key.text)"
  }

  /// What Celery counts a chord by: `.s` its size, `.j` its members' ends, `.t` what was added, `.d` who was counted, `.c`
  /// who sends the body.
  func chord(_ group: ScopedName, _ suffix: String) -> String {
    "\(prefix)celery-taskset-meta-\(group.tenant == .default ? group.name.text : group.text)\(suffix)"
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

  /// Names for keys of other stores: `celerity:<name>`.
  func named(_ name: String) -> String { own(name) }
}

extension Priority? {
  /// The step of kombu's lists: 0 goes first there, and an absent priority is 0 on the wire.
  var step: Int {
    guard let self else { return 0 }
    return (9 - self.value) / 3 * 3
  }
}
