import CelerityCore

/// Values by key, each until a time of the store.
struct ExpiringDictionary<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry: Sendable {
    var value: Value
    var until: StoreTime
  }

  private var entries: [Key: Entry] = [:]
  /// No entry ends before this; lets a sweep that would find nothing cost nothing.
  private var earliest = StoreTime(microseconds: .max)

  init() {}

  /// The value of a key whose time has not come.
  func value(_ key: Key, at time: StoreTime) -> Value? {
    guard let entry = entries[key], entry.until > time else { return nil }
    return entry.value
  }

  /// All values whose time has not come, in no order.
  func values(at time: StoreTime) -> [Value] {
    entries.values.compactMap { $0.until > time ? $0.value : nil }
  }

  mutating func set(_ key: Key, _ value: Value, until: StoreTime) {
    entries[key] = Entry(value: value, until: until)
    earliest = min(earliest, until)
  }

  mutating func remove(_ key: Key) {
    entries[key] = nil
  }

  mutating func removeAll() {
    entries = [:]
    earliest = StoreTime(microseconds: .max)
  }

  /// Forgets what has ended.
  mutating func sweep(at time: StoreTime) {
    guard earliest <= time else { return }
    entries = entries.filter { $0.value.until > time }
    earliest = entries.values.map(\.until).min() ?? StoreTime(microseconds: .max)
  }
}
