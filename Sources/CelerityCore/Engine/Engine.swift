/// Moves tasks: the seam between the platform and a store of work. Eight verbs, all of them over arrays, because a
/// commit, a script or a round trip costs the same for one and for a hundred.
///
/// What every engine keeps, and the conformance suite checks:
/// - `submit` returns when the task survives what the engine's durability level names; before, nothing is accepted.
/// - A task is in exactly one phase at any time. Every transition names the phase it comes from; where the record has
///   moved on, the verb changes nothing and says so.
/// - `fetch` gives a task to one worker under a lease with a growing token. Only that token settles or extends it.
/// - `settle` is one atomic transition: outcome, result, follow-up messages, group counters (idempotent per member),
///   released permits, unique keys and step results become visible together or not at all.
/// - Leases live on the store's own monotone time; wall time decides only eta and expiry.
/// - All verbs may be called again after an error: ids, tokens and keys make repetition harmless.
///
/// `docs/decisions/0002-engine-verbs-on-redis.md` maps each verb onto Celery's keys in Redis.
public protocol Engine: Sendable {
  /// Takes over messages. The results are in the order of the submissions; the array is one transaction.
  func submit(_ submissions: [Submission]) async throws(EngineError) -> [SubmitResult]

  /// Leases up to `limit` ready tasks, highest rank first; waits up to `request.wait` when there are none.
  /// Tasks whose expiry has passed are revoked on the way and not delivered. A wait that is cancelled ends with nothing.
  func fetch(_ request: FetchRequest) async throws(EngineError) -> [Delivery]

  /// Prolongs leases of running attempts and tells each whether it still holds and whether it should stop. No change of
  /// the record: nothing appears in the feed.
  func extend(_ extensions: [LeaseExtension]) async throws(EngineError) -> [LeaseStatus]

  /// Ends attempts. See `Settlement`.
  func settle(_ settlements: [Settlement]) async throws(EngineError) -> [SettleResult]

  /// Asks tasks to end: a waiting one is revoked at once, a running one is told through `extend`.
  func cancel(_ requests: [CancelRequest]) async throws(EngineError) -> [CancelResult]

  /// Depths of the queues of a tenant, or of all.
  func queues(of tenant: Tenant?) async throws(EngineError) -> [QueueStatus]

  /// Acts on queues and ended tasks: pause, resume, purge, move, redrive, discard.
  func control(_ commands: [ControlCommand]) async throws(EngineError) -> [ControlResult]

  /// Does what time has made due: readies delayed tasks, takes back expired leases, forgets what is past its retention.
  /// Only the leader calls it; calling it twice does no harm.
  func maintain(_ request: MaintenanceRequest) async throws(EngineError) -> MaintenanceReport
}

/// What a worker asks for.
public struct FetchRequest: Sendable, Hashable {
  public var queues: [String]
  /// Never above the worker's free slots.
  public var limit: Int
  /// Name of the worker, `celery@host` by custom.
  public var worker: String
  public var lease: Duration
  /// How long to wait for the first task.
  public var wait: Duration

  /// A request for up to `limit` tasks.
  public init(
    queues: [String], limit: Int, worker: String, lease: Duration = .seconds(30), wait: Duration = .zero
  ) {
    self.queues = queues
    self.limit = limit
    self.worker = worker
    self.lease = lease
    self.wait = wait
  }
}

/// A running attempt's wish to go on.
public struct LeaseExtension: Sendable, Hashable {
  public var key: TaskKey
  public var token: Int64
  public var lease: Duration

  /// A lease's extension from now on by a duration.
  public init(_ key: TaskKey, token: Int64, by lease: Duration) {
    self.key = key
    self.token = token
    self.lease = lease
  }
}

/// What an attempt learns when it extends its lease.
public enum LeaseStatus: Sendable, Hashable {
  case held(Lease, isCancelRequested: Bool)
  /// Another attempt may run; whatever this one does will not be committed.
  case lost
}

/// A wish that a task end.
public struct CancelRequest: Sendable, Hashable {
  public var key: TaskKey
  public var reason: RevocationReason

  /// A wish that a task end, with the reason to record.
  public init(_ key: TaskKey, reason: RevocationReason = .revoked) {
    self.key = key
    self.reason = reason
  }
}

/// What became of a cancellation.
public enum CancelResult: Sendable, Hashable {
  /// It was waiting and is REVOKED now.
  case revoked
  /// It runs and will be told with its next heartbeat.
  case requested
  case alreadyFinished(TaskState)
  case unknown
}
