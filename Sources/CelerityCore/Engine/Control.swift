/// A queue as it stands.
public struct QueueStatus: Sendable, Hashable {
  public var key: QueueKey
  public var ready: Int
  public var delayed: Int
  public var leased: Int
  public var isPaused: Bool
  /// When the ready task was accepted that was accepted first. Of a very deep queue a store may look at those alone that
  /// come first by rank, thousands of them: older ones of a lower priority are then ahead by no more than ranks
  /// allow.
  public var oldestReady: Timestamp?

  /// The state of a queue.
  public init(
    _ key: QueueKey, ready: Int = 0, delayed: Int = 0, leased: Int = 0, isPaused: Bool = false,
    oldestReady: Timestamp? = nil
  ) {
    self.key = key
    self.ready = ready
    self.delayed = delayed
    self.leased = leased
    self.isPaused = isPaused
    self.oldestReady = oldestReady
  }

  /// Tasks that have not started.
  public var depth: Int { ready + delayed }
}

/// An operator's act on queues or ended tasks.
public enum ControlCommand: Sendable, Hashable {
  /// Nothing is fetched from the queue any more; submissions go on.
  case pause(QueueKey)
  case resume(QueueKey)
  /// Revokes everything in the queue that has not started, with reason `purged`.
  case purge(QueueKey)
  /// Puts everything in the queue that has not started into another queue of the tenant, in the order in which it was.
  /// A name that can't be a queue's is `invalid`.
  case move(QueueKey, to: String)
  /// Runs an ended, unsuccessful task again: same id, next generation.
  case redrive(TaskKey)
  /// Forgets an ended task before its retention is over; nothing remembers its id.
  case discard(TaskKey)
}

extension ControlCommand {
  /// Throws `invalid` when it makes no sense; stores ask before they do anything.
  public func check() throws(EngineError) {
    guard case .move(_, let name) = self, !QueueKey.isLegal(name: name) else { return }
    throw EngineError(
      .invalid, "'\(name)' can't name a queue", hint: "use 1 to 200 bytes without control characters and /")
  }
}

/// What became of a command.
public enum ControlResult: Sendable, Hashable {
  /// Done; how many tasks it touched (0 for pause and resume).
  case done(affected: Int)
  case unknown
  /// The state of the task forbids it.
  case refused(TaskState)
}

/// What maintenance is to do.
public struct MaintenanceRequest: Sendable, Hashable {
  public var retention: Retention
  /// Most rows touched per duty in one call.
  public var limit: Int
  /// How long to wait for something to become due: the verb returns when it did something or the time is over, so that
  /// nobody has to poll. A delayed task submitted meanwhile shortens the wait.
  public var wait: Duration

  /// One round of maintenance.
  public init(retention: Retention = Retention(), limit: Int = 1000, wait: Duration = .zero) {
    self.retention = retention
    self.limit = limit
    self.wait = wait
  }
}

/// How long ended tasks are kept, on the store's time; settable to seconds.
public struct Retention: Sendable, Hashable {
  public var success: Duration
  /// For FAILURE and REVOKED.
  public var failure: Duration
  /// How long an id is remembered as gone, so that a client is told 410 and not 404.
  public var tombstone: Duration

  /// Seven days for everything by default.
  public init(
    success: Duration = .seconds(604_800), failure: Duration = .seconds(604_800),
    tombstone: Duration = .seconds(604_800)
  ) {
    self.success = success
    self.failure = failure
    self.tombstone = tombstone
  }
}

extension TaskRecord {
  /// Whether who reads changes from before the record's end must be told that something is missing when maintenance forgets
  /// it. Not so of a success that goes in less than half the time that others stay, because its kind asked for it: of
  /// those, several a minute, no late reader is to hear.
  public func leavesGap(whenForgottenAt now: Timestamp, keptFor retention: Duration) -> Bool {
    state != .success || finished.map { now - $0 >= retention / 2 } ?? true
  }
}

/// What maintenance did.
public struct MaintenanceReport: Sendable, Hashable {
  public var promoted = 0
  public var expired = 0
  public var reclaimed = 0
  public var poisoned = 0
  public var purged = 0
  /// Whether a duty met its limit, so that another round should follow at once.
  public var hasMore = false
  /// How long until the earliest of all duties is due: a delayed task, an expiry, a lease, a retention; `nil` when none
  /// is known.
  public var nextDue: Duration?

  /// Nothing done.
  public init() {}
}
