/// Elects who does what must be done once: a lease by name with a fencing number.
public protocol LeadershipStore: Sendable {
  /// Becomes or stays leader for a time; `nil` while somebody else is. The number grows with every new term, so that a
  /// deposed leader's writes can be told apart; whoever comes back after the end of a term begins a new one.
  func lead(_ name: String, holder: String, for duration: Duration) async throws(EngineError) -> Leadership?

  /// Steps down, if still leader.
  func resign(_ name: String, holder: String) async throws(EngineError)
}

/// A term as leader.
public struct Leadership: Sendable, Hashable {
  public var name: String
  public var holder: String
  /// Grows with every change of leader.
  public var fence: Int64
  public var until: StoreTime

  /// A term until a time.
  public init(name: String, holder: String, fence: Int64, until: StoreTime) {
    self.name = name
    self.holder = holder
    self.fence = fence
    self.until = until
  }
}
