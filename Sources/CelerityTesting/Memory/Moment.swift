public import CelerityCore

/// The two times a store lives by, read together: what a verb happens at.
public struct Moment: Sendable, Hashable {
  /// Wall time.
  public var now: Timestamp
  /// The store's own time.
  public var storeTime: StoreTime

  /// A moment on both clocks.
  public init(now: Timestamp, storeTime: StoreTime) {
    self.now = now
    self.storeTime = storeTime
  }
}
