public import CelerityCore

/// The whole meaning of a store as a value: every verb of `Engine` and of the small protocols over dictionaries and
/// ordered sets, with the time handed in. No clock, no randomness, no I/O: the same calls give the same answers.
///
/// `MemoryStore` puts it behind a lock; the simulation drives it directly; other stores are compared with it.
public struct StoreModel: Sendable {
  public var lifecycle: TaskLifecycle
  public var claimOrder: ClaimOrder
  /// What was counted since the model was made.
  public internal(set) var counters = StoreCounters()
  /// Number of the last change.
  public internal(set) var seq: ChangeNumber = 0

  /// Rows by slot; a slot is free again when its task is forgotten.
  var rows: [TaskRow] = []
  var freeSlots: [Int] = []
  var slots: [TaskKey: Int] = [:]
  var lastPosition: Int64 = 0

  // Ordered sets, each holding the tasks of a phase in the order in which they are due.
  var delayed = PlaceSet()
  var leased = PlaceSet()
  var promised = PlaceSet()
  var expiring = PlaceSet()
  var ended: [TaskState: PlaceSet] = [:]
  var feed = PlaceSet()
  var acceptance = PlaceSet()
  var queueStates: [QueueKey: QueueState] = [:]

  var uniqueHolders: [ScopedName: TaskKey] = [:]
  var idempotency = ExpiringDictionary<ScopedName, IdempotencyEntry>()
  var tombstones = ExpiringDictionary<TaskKey, Void>()
  var groups: [ScopedName: GroupState] = [:]
  /// The highest number of a change whose record was forgotten.
  var forgottenSeq: ChangeNumber = 0

  var permits = PermitTable()
  var revocations = ExpiringDictionary<Revocation, Revocation>()
  var leaders: [ByteText: Leadership] = [:]
  var orders = OrderBook()
  var presence = ExpiringDictionary<ByteText, WorkerInfo>()
  var collections: [ScopedName: [ByteText: Document]] = [:]
  var blobs: [ScopedName: [ByteText: Blob]] = [:]
  var caches: [String: CacheState] = [:]

  /// How many tasks became ready, how many were claimed, and whose tasks there ever were: what claiming by steps goes by.
  var readied: Int64 = 0
  var claims = 0
  var seenTenants: Set<Tenant> = []

  var effects = Effects()

  /// An empty store.
  public init(lifecycle: TaskLifecycle = TaskLifecycle(), order: ClaimOrder = .ranks(PriorityRank())) {
    self.lifecycle = lifecycle
    claimOrder = order
  }
}

extension StoreModel {
  /// What verbs did that others may be waiting for.
  public struct Effects: Sendable, Hashable {
    /// The tasks that changed, one entry per change.
    public var changes: [ChangeHint.Change] = []
    /// Tasks whose log got lines.
    public var logged: [TaskKey] = []
    /// Whether a waiting fetch may find something now.
    public var mayFetch = false
    /// Whether something may be due earlier than maintenance knows.
    public var hasNewDueTime = false
    /// Whether a worker that waits for orders may find one.
    public var hasOrders = false
  }

  /// What happened since this was asked last.
  public mutating func takeEffects() -> Effects {
    defer { effects = Effects() }
    return effects
  }
}

/// What the model keeps of one task.
struct TaskRow: Sendable {
  var record: TaskRecord
  /// Order of acceptance.
  let position: Int64
  var unique: UniqueKey?
  /// From when retention counts, on the store's time: when it ended, or before that.
  var ended: StoreTime?
  var steps: [Int: [ByteText: StepResult]] = [:]
  var log = LogTail()

  /// What stands in a free slot.
  static let vacant = TaskRow(
    record: TaskRecord(accepting: TaskMessage(id: TaskID(stored: ""), task: ""), at: Timestamp(microseconds: 0)),
    position: 0)
}

/// The tasks of a queue that have not ended.
struct QueueState: Sendable {
  var ready = PlaceSet()
  var delayed = PlaceSet()
  var leasedCount = 0
  var isPaused = false

  var isEmpty: Bool { ready.isEmpty && delayed.isEmpty && leasedCount == 0 && !isPaused }
}
