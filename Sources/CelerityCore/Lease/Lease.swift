/// A worker's right to run one attempt of a task and to settle it.
///
/// The token is a fencing number (Kleppmann, "How to do distributed locking"): it grows with every lease of a store,
/// and a settlement or extension with any but the record's current token is refused and counted.
public struct Lease: Sendable, Hashable {
  /// Grows with every lease of the store.
  public var token: Int64
  /// When the store may give the task to another worker, on the store's time.
  public var deadline: StoreTime

  /// A lease until a deadline.
  public init(token: Int64, deadline: StoreTime) {
    self.token = token
    self.deadline = deadline
  }
}

/// A task handed to a worker: what to run, which attempt it is, and the right to settle it.
public struct Delivery: Sendable, Hashable {
  public var message: TaskMessage
  public var lease: Lease
  /// Counts from 1 over all generations.
  public var attempt: Int
  public var generation: Int
  /// Earlier attempts of this generation that died with their process.
  public var crashes: Int
  /// When the task was accepted.
  public var created: Timestamp

  /// A delivery of a leased record; `nil` when the record holds no lease.
  public init?(_ record: TaskRecord) {
    guard let lease = record.lease else { return nil }
    message = record.message
    self.lease = lease
    attempt = record.attempts
    generation = record.generation
    crashes = record.crashes
    created = record.created
  }

  /// The task's key.
  public var key: TaskKey { message.key }
}

/// Why an attempt lost its lease; every execution beyond the first has one of these or a retry behind it.
public enum LeaseLoss: String, Sendable, Hashable, CaseIterable {
  /// Nobody extended it in time.
  case leaseExpired = "lease_expired"
  /// The process that held it is known to be gone.
  case processDied = "process_died"
}
