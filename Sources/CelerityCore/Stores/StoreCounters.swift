/// What a store counted since it was opened: every cause of a repeated execution has its number here.
public protocol StoreStatistics: Sendable {
  /// The counters as they stand.
  func counters() async throws(EngineError) -> StoreCounters
}

/// Counters of a store; they never decrease while it is open.
public struct StoreCounters: Sendable, Hashable {
  /// Leases lost, by cause: each may lead to one repeated execution.
  public var leasesLost: [LeaseLoss: Int] = [:]
  /// Settlements refused because their lease was lost.
  public var staleSettlements = 0
  /// Progress reports and steps refused because their lease was lost.
  public var staleReports = 0
  /// Submissions that added nothing, by cause.
  public var duplicateSubmissions: [DuplicateCause: Int] = [:]

  /// Nothing counted.
  public init() {}
}
