import CelerityCore
import RESPClient

/// A record with its place in the set it was found in.
struct FoundRecord: Sendable {
  var place: Int64
  var record: TaskRecord
}

extension RedisStore {
  /// Reads a script's answer for one record.
  func record(_ reply: RESPValue) throws(EngineError) -> FoundRecord? {
    guard let parts = reply.elements, parts.count == 8, let key = parts[0].string.flatMap(TaskKey.init(stored:)) else {
      return nil
    }
    let loader = Loader(keys: keys, wire: wire, client: client)
    guard var record = try loader.row(Array(parts[2..<7]), key: key)?.record else { return nil }
    if let deadline = parts[7].integer { record.lease?.deadline = StoreTime(microseconds: deadline) }
    return FoundRecord(place: parts[1].integer ?? 0, record: record)
  }
}

/// Records that fit a query's conditions without its filter, newest first.
///
/// There is no index but the order of acceptance: a narrow query costs a look at every record of its tenant, made on the server
/// where states alone decide, and here for the rest.
struct RecordWalk: Sendable {
  private let store: RedisStore
  /// `nil` when nothing can fit.
  private let query: RecordQuery?
  private let states: String
  /// How many are expected to be read.
  private let wanted: Int
  private var bound: String
  private var skip: Int
  private var found: ArraySlice<FoundRecord> = []
  private var isOver = false

  /// A walk on which `wanted` records may be enough; the first `skip` of all are passed over unread.
  init(_ store: RedisStore, _ query: RecordQuery, wanted: Int, skip: Int = 0) {
    self.store = store
    self.query = query.narrowed
    self.skip = skip
    bound = query.cursor.map { "(\($0.position)" } ?? "+inf"
    let states = self.query?.wantedStates ?? []
    self.states = states.isEmpty ? "" : " \(states.map(\.rawValue).joined(separator: " ")) "
    self.wanted = self.query?.hasConditions == true ? ReadScripts.tasks : wanted
  }

  mutating func next() async throws(EngineError) -> (position: Int64, record: TaskRecord)? {
    guard let query else { return nil }
    while true {
      while let found = found.popFirst() {
        if query.matches(found.record) { return (found.place, found.record) }
      }
      if isOver { return nil }
      found = if let id = query.id { try await look(for: id, query) } else { try await read(query) }
    }
  }

  private mutating func look(for id: TaskID, _ query: RecordQuery) async throws(EngineError) -> ArraySlice<FoundRecord>
  {
    isOver = true
    let key = TaskKey(id, tenant: query.tenant)
    let place = try await store.client.engineReplies([
      RESPCommand("ZSCORE", .text(store.keys.accepted(query.tenant)), .text(key.text))
    ])[0].integer
    guard let place, query.cursor.map({ place < $0.position }) ?? true else { return [] }
    guard case .found(let record) = try await store.records([key])[0] else { return [] }
    return [FoundRecord(place: place, record: record)]
  }

  private mutating func read(_ query: RecordQuery) async throws(EngineError) -> ArraySlice<FoundRecord> {
    let reply = try await ReadScripts.walk.engineRun(
      on: store.client,
      [
        .text(store.keys.prefix), .number(ReadScripts.bytes), .text(store.keys.accepted(query.tenant)), .text(bound),
        .number(skip), .number(min(wanted, ReadScripts.tasks)), .text(states),
      ])
    skip = 0
    guard let parts = reply.elements, let last = parts.first?.string else {
      throw EngineError(.corrupt, "the script that lists records answered nonsense")
    }
    bound = "(\(last)"
    isOver = last.isEmpty
    var records: [FoundRecord] = []
    for part in parts.dropFirst() {
      if let record = try store.record(part) { records.append(record) }
    }
    return records[...]
  }
}

extension RecordQuery {
  /// States that a record must be in, as far as conditions tell; none means any.
  fileprivate var wantedStates: Set<TaskState> {
    states.isEmpty && isDeadLetter == true ? [.failure, .revoked] : states
  }

  /// Whether not every record of the tenant is wanted, whatever the filter says.
  var hasConditions: Bool {
    !states.isEmpty || !tasks.isEmpty || queue != nil || id != nil || priorities != nil || isDeadLetter != nil
  }
}
