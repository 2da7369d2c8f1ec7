/// Reads records. Records are the truth; everything that announces them is a hint.
public protocol RecordReader: Sendable {
  /// Looks up tasks; the answers are in the order of the keys.
  func records(_ keys: [TaskKey]) async throws(EngineError) -> [RecordLookup]

  /// A page of records, newest first, stable while records are added: following cursors never repeats or skips a
  /// record that was there throughout.
  /// A page ends early, with a next one, when what it holds comes to `byteLimit`; it has one record at least.
  /// With a filter a page ends after `scanLimit` records at the latest: it may be short or empty and have a next one.
  func list(_ query: RecordQuery) async throws(EngineError) -> RecordPage

  /// How many records there are behind a query's cursor; its limit plays no role. Exact without a filter; with one the
  /// newest `scanLimit` records are looked at.
  func count(_ query: RecordQuery) async throws(EngineError) -> RecordCount

  /// How many records there are of each state and priority among those a query wants; all of them are looked at. Its
  /// filter, limit, cursor and skip play no role.
  func tally(_ query: RecordQuery) async throws(EngineError) -> [RecordTally]
}

/// What a look-up found.
public enum RecordLookup: Sendable, Hashable {
  case found(TaskRecord)
  /// It was there and its retention is over.
  case expired
  case unknown

  /// The record, when there is one.
  public var record: TaskRecord? {
    if case .found(let record) = self { record } else { nil }
  }
}

/// Which records are wanted. All conditions must hold.
public struct RecordQuery: Sendable, Hashable {
  public var tenant: Tenant
  public var states: Set<TaskState>
  /// Names of tasks, one of which a record must have; none means any.
  public var tasks: Set<String>
  public var queue: String?
  /// At most one task has it.
  public var id: TaskID?
  /// An absent priority counts as the neutral one.
  public var priorities: ClosedRange<Priority>?
  public var isDeadLetter: Bool?
  /// Looked at after the conditions that stores have indexes for.
  public var filter: TaskFilter?
  /// Most records the filter is asked about for one page.
  public var scanLimit: Int
  public var limit: Int
  /// About how many bytes of content (`TaskRecord.contentBytes`) a page holds at most: a record may have megabytes.
  public var byteLimit = 8 << 20
  /// How many records that are wanted come before the page; each costs a store what looking at it costs.
  public var skip: Int
  /// Where the page before ended.
  public var cursor: RecordCursor?

  /// All records of a tenant, unless narrowed.
  public init(
    tenant: Tenant = .default, states: Set<TaskState> = [], task: String? = nil, queue: String? = nil,
    priorities: ClosedRange<Priority>? = nil, isDeadLetter: Bool? = nil, filter: TaskFilter? = nil,
    scanLimit: Int = 10_000, limit: Int = 50, skip: Int = 0, cursor: RecordCursor? = nil
  ) {
    self.tenant = tenant
    self.states = states
    tasks = task.map { [$0] } ?? []
    self.queue = queue
    self.priorities = priorities
    self.isDeadLetter = isDeadLetter
    self.filter = filter
    self.scanLimit = scanLimit
    self.limit = limit
    self.skip = skip
    self.cursor = cursor
  }

  /// The name of the one task that is wanted.
  public var task: String? {
    get { tasks.count == 1 ? tasks.first : nil }
    set { tasks = newValue.map { [$0] } ?? [] }
  }

  /// Most records to look at: no bound without a filter.
  public var longestScan: Int { filter == nil ? .max : max(1, scanLimit) }

  /// Whether a record is wanted, but for the filter; stores that can't find it by index use it.
  public func matches(_ record: TaskRecord) -> Bool {
    record.message.tenant == tenant && (states.isEmpty || states.contains(record.state))
      && (tasks.isEmpty || tasks.contains { Self.isSame(record.message.task, as: $0) })
      && Self.isSame(record.message.queue, as: queue) && (id == nil || record.message.id == id)
      && (priorities?.contains(record.message.priority ?? .normal) ?? true)
      && (isDeadLetter == nil || record.isDeadLetter == isDeadLetter)
  }

  /// Byte by byte, as stores compare.
  private static func isSame(_ text: String, as wanted: String?) -> Bool {
    wanted.map { text.utf8.elementsEqual($0.utf8) } ?? true
  }

  /// The same query with conditions of its own for what its filter demands anyway, so that indexes are of use; `nil` when
  /// the two contradict each other and nothing can be found. Stores ask for it before they read.
  public var narrowed: RecordQuery? {
    guard let bounds = filter?.bounds else { return self }
    var query = self
    if let wanted = bounds.states {
      query.states = states.isEmpty ? wanted : states.intersection(wanted)
      if query.states.isEmpty { return nil }
    }
    if let wanted = bounds.task {
      guard tasks.isEmpty || tasks.contains(where: { Self.isSame($0, as: wanted) }) else { return nil }
      query.tasks = [wanted]
    }
    if let wanted = bounds.queue {
      guard Self.isSame(wanted, as: queue) else { return nil }
      query.queue = wanted
    }
    if let wanted = bounds.id {
      guard id == nil || id == wanted else { return nil }
      query.id = wanted
    }
    return query
  }
}

/// The place of a record in lists: by time of acceptance, then by the store's own order.
public struct RecordCursor: Sendable, Hashable {
  /// The store's order of acceptance; smaller is older.
  public var position: Int64

  /// After the record at a position.
  public init(position: Int64) {
    self.position = position
  }
}

/// A page of records.
public struct RecordPage: Sendable, Hashable {
  public var records: [TaskRecord]
  /// Where the next page begins; `nil` on the last.
  public var next: RecordCursor?
  /// How many records were looked at.
  public var scanned: Int

  /// A page and where the next one begins; without a filter, what was looked at is what it holds.
  public init(records: [TaskRecord], next: RecordCursor?, scanned: Int? = nil) {
    self.records = records
    self.next = next
    self.scanned = scanned ?? records.count
  }
}

/// How many records there are.
public struct RecordCount: Sendable, Hashable {
  public var total: Int
  /// Whether all were looked at; else there are at least so many.
  public var isExact: Bool

  /// A number of records.
  public init(total: Int, isExact: Bool) {
    self.total = total
    self.isExact = isExact
  }
}

/// How many records have a state and a priority.
public struct RecordTally: Sendable, Hashable {
  public var state: TaskState
  public var priority: Priority?
  public var count: Int

  /// A number of records of one state and priority.
  public init(_ state: TaskState, _ priority: Priority?, count: Int) {
    self.state = state
    self.priority = priority
    self.count = count
  }
}
