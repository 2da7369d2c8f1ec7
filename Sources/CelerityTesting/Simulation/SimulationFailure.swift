/// A broken invariant, and how to see it again.
public struct SimulationFailure: Error, Sendable, CustomStringConvertible {
  /// The seed that leads here.
  public let seed: UInt64
  /// How many events had happened.
  public let event: Int
  /// Which invariant is broken, by its name in the goals (I1 to I6, I10) or `liveness`, and how.
  public let message: String
  /// The last events, oldest first; empty unless the run was traced.
  public let trace: [String]

  public var description: String {
    let lines = trace.isEmpty ? "" : "\n" + trace.joined(separator: "\n")
    return """
      seed \(seed), event \(event): \(message)
      replay: CELERITY_SIM_SEED=\(seed) swift test --filter SimulationTests\(lines)
      """
  }
}

/// A broken invariant, before it is known where.
struct Violation: Error {
  var invariant: String
  var detail: String

  init(_ invariant: String, _ detail: String) {
    self.invariant = invariant
    self.detail = detail
  }
}

/// Errors put into the store on purpose, to show that the checks find them.
public enum PlantedBug: String, Sendable, CaseIterable {
  /// Settlements are taken whatever their token.
  case ignoresToken
  /// One accepted task in some is gone.
  case losesTask
  /// A leased task is given to a second worker.
  case leasesTwice
  /// A lost lease is not counted.
  case hidesCause
  /// A result is overwritten after the end.
  case changesResult
  /// The end of a chord's member is forgotten.
  case forgetsMember
  /// A finished task waits again without a redrive.
  case resurrects
  /// A retried task counts no retry.
  case forgetsRetry
}

/// What a run did; lets a test see that a seed was worth its time.
public struct SimulationTally: Sendable, Hashable {
  public var events = 0
  public var accepted = 0
  public var deliveries = 0
  public var committed = 0
  public var stale = 0
  public var leasesLost = 0
  public var poisoned = 0
  public var redriven = 0
  public var bodies = 0
  public var forgotten = 0
  public var restarts = 0

  /// Nothing yet.
  public init() {}

  /// Adds another run's tally.
  public mutating func add(_ other: SimulationTally) {
    events += other.events
    accepted += other.accepted
    deliveries += other.deliveries
    committed += other.committed
    stale += other.stale
    leasesLost += other.leasesLost
    poisoned += other.poisoned
    redriven += other.redriven
    bodies += other.bodies
    forgotten += other.forgotten
    restarts += other.restarts
  }
}
