import CelerityCore

/// The two times a store lives by, read together: what a verb happens at. On a server of its own both are the server's.
struct Moment: Sendable, Hashable {
  /// Wall time.
  var now: Timestamp
  /// The store's own time.
  var storeTime: StoreTime
}
