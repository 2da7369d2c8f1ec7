import CelerityCore
import CelerityJSON

/// A store's whole world from one seed: clients, workers, operators, maintenance, clocks and faults act on a `StoreModel`
/// in an order the seed decides; after each event the invariants are checked from outside, and in the end, when all
/// faults are healed, every task must end. (Deterministic simulation as FoundationDB and TigerBeetle practise it.)
public struct Simulation: Sendable {
  /// How large the world is.
  public struct Size: Sendable, Hashable {
    public var events: Int
    public var workers: Int

    /// A world of so many events and workers.
    public init(events: Int = 240, workers: Int = 3) {
      self.events = events
      self.workers = workers
    }
  }

  let seed: UInt64
  let size: Size
  let bug: PlantedBug?
  let isTraced: Bool
  var random: SeededRandom
  var model: StoreModel
  var ledger: SimulationLedger
  static let start = Moment(
    now: Timestamp(seconds: 1_795_237_200), storeTime: StoreTime(microseconds: 1_000_000_000))
  var moment = start
  var workers: [ModelWorker] = []
  /// Attempts whose worker is gone, cut off or frozen, and may still speak up.
  var strays: [Delivery] = []
  /// What clients asked for and may ask again.
  var requests: [[Submission]] = []
  /// Every key that was ever used, in order.
  var keys: [TaskKey] = []
  var identities: [String: TaskID] = [:]
  var serial = 0
  var staleAnswers = 0
  var restarts = 0
  var trace: [String] = []
  var event = 0

  /// A world, possibly with an error planted in its store.
  public init(seed: UInt64, size: Size = Size(), bug: PlantedBug? = nil, isTraced: Bool = false) {
    self.seed = seed
    self.size = size
    self.bug = bug
    self.isTraced = isTraced
    random = SeededRandom(seed: seed)
    model = StoreModel()
    ledger = SimulationLedger(crashBudget: model.lifecycle.policy.crashBudget)
    for number in 0..<size.workers { workers.append(ModelWorker(name: "w\(number)")) }
  }

  /// Runs a seed; a violation is run again with a trace and thrown.
  @discardableResult
  public static func run(
    seed: UInt64, size: Size = Size(), bug: PlantedBug? = nil, isTraced: Bool = false
  ) throws(SimulationFailure) -> SimulationTally {
    var simulation = Simulation(seed: seed, size: size, bug: bug, isTraced: isTraced)
    do {
      return try simulation.replay()
    } catch {
      // Traces cost time, so the seed runs again with one.
      if !isTraced { try run(seed: seed, size: size, bug: bug, isTraced: true) }
      throw error
    }
  }

  /// Runs this world to its end.
  public mutating func replay() throws(SimulationFailure) -> SimulationTally {
    do {
      try live()
    } catch {
      throw SimulationFailure(
        seed: seed, event: event, message: "\(error.invariant): \(error.detail)", trace: trace.suffix(200))
    }
    return tally
  }

  /// What has happened so far.
  public var tally: SimulationTally {
    var tally = ledger.tally
    tally.stale = staleAnswers
    tally.restarts = restarts
    return tally
  }

  /// The events so far, when they are traced.
  public var history: [String] { trace }

  /// The seeded events, then healing.
  mutating func live() throws(Violation) {
    for _ in 0..<size.events {
      event += 1
      let happening = try act()
      try ledger.check(model, happening)
      if event % 24 == 0 { try ledger.checkAll(model) }
    }
    try heal()
    try ledger.checkAll(model)
  }

  mutating func note(_ line: @autoclosure () -> String) {
    if isTraced { trace.append("\(event) [\(moment.storeTime.microseconds / 1000) ms] \(line())") }
  }
}

/// A worker of the simulation: fetches, runs, and is at times dead, cut off or frozen.
struct ModelWorker: Sendable {
  var name: String
  var incarnation = 0
  var running: [Delivery] = []
  /// Until then it does nothing at all, like a process that is stopped or a machine that swaps.
  var frozenUntil: StoreTime?

  var fullName: String { "\(name).\(incarnation)" }
}
