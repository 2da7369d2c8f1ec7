public import CelerityCore
import RESPClient

/// Counted in the store by whoever causes it, over all processes and for as long as the store lives.
extension RedisStore: StoreStatistics {
  public func counters() async throws(EngineError) -> StoreCounters {
    let replies = try await client.engineReplies([RESPCommand("HGETALL", .text(keys.counters))])
    var counters = StoreCounters()
    for pair in replies[0].pairs {
      guard let name = pair.key.string, let number = pair.value.integer else { continue }
      let parts = name.split(separator: ":", maxSplits: 1)
      switch (parts.first, parts.dropFirst().first) {
      case ("stale_settlements", nil): counters.staleSettlements = Int(number)
      case ("stale_reports", nil): counters.staleReports = Int(number)
      case ("lost", let cause?): LeaseLoss(rawValue: String(cause)).map { counters.leasesLost[$0] = Int(number) }
      case ("duplicate", let cause?):
        DuplicateCause(rawValue: String(cause)).map { counters.duplicateSubmissions[$0] = Int(number) }
      default: break
      }
    }
    return counters
  }
}
