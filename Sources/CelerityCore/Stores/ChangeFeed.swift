/// What changed, in order: event streams, the monitor's catch-up and waiting clients read from here.
///
/// The feed is compacted: it gives each changed record once, in its present form, at the place of its latest change.
/// `hints()` only says that something changed and may lose hints when its reader is slow; `changes` never does.
public protocol ChangeFeed: Sendable {
  /// Records changed after a number, oldest change first. `gap` says that a record was forgotten whose last change came
  /// after that number. With nothing new, `next` is the number that was asked with. A page may hold fewer than `limit`
  /// and not be the last: it ends when its records come to `ChangePage.byteLimit`.
  func changes(after seq: ChangeNumber, tenant: Tenant?, limit: Int) async throws(EngineError) -> ChangePage

  /// Announces committed changes from now on. Bounded: the newest 1,024 batches; a reader that fell behind sees it by
  /// `ChangeHint.batch` and reads `changes`.
  func hints() -> AsyncStream<ChangeHint>

  /// The number of the last committed change: where somebody begins to read who wants only what is still to come.
  func lastChange() async throws(EngineError) -> ChangeNumber
}

/// Changed records in order.
public struct ChangePage: Sendable, Hashable {
  public var records: [TaskRecord]
  /// Where to go on reading.
  public var next: ChangeNumber
  public var gap: Bool
  /// Whether there are changes behind `next`; what this page was read from had no others.
  public var hasMore: Bool

  /// About how many bytes of content (`TaskRecord.contentBytes`) a page holds at most.
  public static let byteLimit = 8 << 20

  /// Changes up to a number.
  public init(records: [TaskRecord], next: ChangeNumber, gap: Bool, hasMore: Bool = false) {
    self.hasMore = hasMore
    self.records = records
    self.next = next
    self.gap = gap
  }
}

/// Tasks changed, or whose log grew, by one commit.
public struct ChangeHint: Sendable, Hashable {
  /// Counts batches without holes.
  public var batch: Int64
  /// Number of the last change in it.
  public var seq: ChangeNumber
  public var changes: [Change]
  /// Tasks whose log got lines; a log is no part of the record, so these need not be among the changes.
  public var logged: [TaskKey]

  /// The state a task has now.
  public struct Change: Sendable, Hashable {
    public var key: TaskKey
    public var state: TaskState

    /// A task and its new state.
    public init(key: TaskKey, state: TaskState) {
      self.key = key
      self.state = state
    }
  }

  /// A batch of changes.
  public init(batch: Int64, seq: ChangeNumber, changes: [Change], logged: [TaskKey] = []) {
    self.batch = batch
    self.seq = seq
    self.changes = changes
    self.logged = logged
  }
}
