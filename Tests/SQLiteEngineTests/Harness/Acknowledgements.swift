import CelerityCore
import CelerityJSON
import CelerityTesting
import SQLiteEngine
import Synchronization

/// What a store has promised to its callers, each promise with the number of operations the disk had done by then.
final class Acknowledgements: Sendable {
  /// What must be true of a task from then on.
  enum Promise: Sendable, Equatable {
    case accepted
    case result(RawJSON)
    case retries(Int)
    case revoked
  }

  struct Entry: Sendable {
    var key: TaskKey
    var promise: Promise
    var operations: Int64
  }

  private struct State {
    var entries: [Entry] = []
    var documents: [(key: DocumentKey, version: Int64, operations: Int64)] = []
    var attempted: Set<TaskKey> = []
  }

  private let state = Mutex(State())
  private let disk: Disk

  init(_ disk: Disk) { self.disk = disk }

  func attempt(_ keys: [TaskKey]) { state.withLock { $0.attempted.formUnion(keys) } }

  func note(_ key: TaskKey, _ promise: Promise) {
    let operations = disk.operations
    state.withLock { $0.entries.append(Entry(key: key, promise: promise, operations: operations)) }
  }

  func note(_ key: DocumentKey, version: Int64) {
    let operations = disk.operations
    state.withLock { $0.documents.append((key, version, operations)) }
  }

  var count: Int { state.withLock { $0.entries.count } }

  /// The tasks of which more than one result was committed in one generation; nothing here is ever redriven.
  var doubleResults: [TaskKey] {
    let settled = state.withLock { state in
      state.entries.filter { if case .result = $0.promise { true } else { false } }
    }
    return Dictionary(grouping: settled, by: \.key).filter { $0.value.count > 1 }.map(\.key)
  }

  /// What a store breaks of the promises made before a number of operations, in words.
  func broken(in store: SQLiteStore, upTo operations: Int64 = .max) async throws -> [String] {
    let (entries, documents, attempted) = state.withLock { state in
      (
        state.entries.filter { $0.operations <= operations }, state.documents.filter { $0.operations <= operations },
        state.attempted
      )
    }
    let keys = Array(attempted)
    let lookups = try await store.records(keys)
    let records = Dictionary(uniqueKeysWithValues: zip(keys, lookups.map(\.record)))
    var broken = entries.compactMap { entry in
      Self.holds(entry.promise, records[entry.key] ?? nil) ? nil : "\(entry) is \(records[entry.key] as Any)"
    }
    let stored = try await store.documents(documents.map(\.key))
    for (document, promise) in zip(stored, documents) where (document?.version ?? 0) < promise.version {
      broken.append("\(promise) is \(document as Any)")
    }
    return broken + (try await Self.contradictions(store, known: attempted))
  }

  private static func holds(_ promise: Promise, _ record: TaskRecord?) -> Bool {
    guard let record else { return false }
    return switch promise {
    case .accepted: true
    case .result(let result): record.state == .success && record.result == result
    case .retries(let count): record.message.retries >= count
    case .revoked: record.state == .revoked
    }
  }

  /// Every task is in one phase, counted once, and none came from nowhere.
  private static func contradictions(_ store: SQLiteStore, known: Set<TaskKey>) async throws -> [String] {
    let records = try await store.list(RecordQuery(limit: 10_000)).records
    var found = records.filter { !known.contains($0.key) }.map { "\($0.key) came from nowhere" }
    if Set(records.map(\.key)).count != records.count { found.append("a task is there twice") }
    let queues = try await store.queues(of: nil)
    for (phase, counted) in [
      (TaskPhase.ready, queues.reduce(0) { $0 + $1.ready }), (.delayed, queues.reduce(0) { $0 + $1.delayed }),
      (.leased, queues.reduce(0) { $0 + $1.leased }),
    ] {
      let stored = records.count { $0.phase == phase }
      if stored != counted { found.append("\(stored) tasks are \(phase), \(counted) are counted") }
    }
    return found
  }
}
