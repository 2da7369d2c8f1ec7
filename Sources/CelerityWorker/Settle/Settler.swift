import CelerityCore
import Logging
import Synchronization

/// Writes the ends of attempts: all that wait go in one call, a call that fails is tried again until its leases are worth
/// nothing any more. A slot does not wait for it; only fetching does, when too many wait to be written.
final class Settler: Sendable {
  private struct Pending {
    var settlement: Settlement
    let execution: Execution
    /// Whether the settlement replaces one that the store refused.
    var isReplacement = false
  }

  private struct State {
    var pending: [Pending] = []
    /// Taken out of `pending` and not stored yet.
    var inFlight = 0
    var isClosed = false
    /// When nothing is tried again any more.
    var end: Duration?
  }

  /// Most ends of attempts that wait before fetching does.
  private static let capacity = 1000
  private static let firstPause = Duration.milliseconds(50)
  private static let longestPause = Duration.seconds(2)

  private let engine: any Engine
  private let leases: LeaseTable
  private let reports: ReportBuffer
  private let time: any TimeSource
  private let logger: Logger
  private let telemetry: any WorkerTelemetry
  /// Rung when there is room again.
  private let room: Bell
  private let state = Mutex(State())
  private let bell = Bell()

  init(
    engine: any Engine, leases: LeaseTable, reports: ReportBuffer, room: Bell, time: any TimeSource, logger: Logger,
    telemetry: any WorkerTelemetry = NoTelemetry()
  ) {
    self.telemetry = telemetry
    self.engine = engine
    self.leases = leases
    self.reports = reports
    self.room = room
    self.time = time
    self.logger = logger
  }

  /// Ends of attempts that are not stored yet.
  var backlog: Int { state.withLock { $0.pending.count + $0.inFlight } }

  var hasRoom: Bool { backlog < Self.capacity }

  /// Hands over the end of an attempt; its lease is given up once it is stored, or can't be.
  func settle(
    _ execution: Execution, _ outcome: Outcome, followUps: [Submission] = [], sent: [TaskID] = [],
    replacement: Replacement? = nil, aged age: Duration = .zero
  ) {
    var settlement = Settlement(execution.delivery, outcome, followUps: followUps, replacement: replacement)
    settlement.sent = sent
    settlement.retentionHeadStart = age
    state.withLock { $0.pending.append(Pending(settlement: settlement, execution: execution)) }
    bell.ring()
  }

  /// Writes until closed and empty.
  func run() async {
    var pause = Self.firstPause
    while true {
      let (batch, isClosed) = state.withLock { state in
        defer { state.pending = [] }
        state.inFlight = state.pending.count
        return (state.pending, state.isClosed)
      }
      if batch.isEmpty {
        if isClosed { return }
        await bell.wait()
        continue
      }
      await reports.flush()
      let left = worthTrying(await store(batch))
      state.withLock { state in
        state.pending.insert(contentsOf: left, at: 0)
        state.inFlight = 0
      }
      room.ring()
      if left.isEmpty {
        pause = Self.firstPause
      } else {
        await rest(pause)
        pause = min(pause * 2, Self.longestPause)
      }
    }
  }

  /// Ends `run` once everything is written; what can't be written until then is given up.
  func close(by end: Duration) {
    state.withLock { state in
      state.isClosed = true
      state.end = min(state.end ?? end, end)
    }
    bell.ring()
  }

  /// Gives up earlier what can't be written.
  func hurry(by end: Duration) {
    state.withLock { $0.end = min($0.end ?? end, end) }
    bell.ring()
  }

  private func rest(_ pause: Duration) async {
    let start = time.uptime
    while true {
      let end = min(start + pause, state.withLock { $0.end } ?? .seconds(Int64.max))
      if time.uptime >= end { return }
      await bell.wait(until: end, on: time)
    }
  }

  /// Stores a batch; answers what a later call may store. One settlement that is refused does not take the others with
  /// it: they are tried in halves.
  private func store(_ batch: [Pending]) async -> [Pending] {
    do {
      let results = try await engine.settle(batch.map(\.settlement))
      for (pending, result) in zip(batch, results) { finish(pending, result) }
      return []
    } catch {
      if error.isRetryable {
        logger.warning(
          "could not store the ends of tasks; trying again",
          metadata: ["count": "\(batch.count)", "error": "\(error)"])
        return batch
      }
      guard batch.count == 1, let single = batch.first else {
        if error.code == .closed || error.code == .corrupt { return giveUp(batch, "\(error)") }
        let half = batch.count / 2
        return await store(Array(batch[..<half])) + store(Array(batch[half...]))
      }
      return await replace(single, error)
    }
  }

  /// A result that the store refuses for good (a follow-up that can't be sent) would be refused after each further
  /// attempt: the task fails and says why.
  private func replace(_ pending: Pending, _ error: EngineError) async -> [Pending] {
    guard error.code == .invalid || error.code == .conflict, !pending.isReplacement,
      pending.settlement.outcome.isFinal || pending.settlement.replacement != nil
    else { return giveUp([pending], "\(error)") }
    var replacement = pending
    replacement.isReplacement = true
    replacement.settlement.followUps = []
    replacement.settlement.steps = []
    replacement.settlement.replacement = nil
    replacement.settlement.outcome = .failure(
      TaskFailure(type: "SettlementRefused", module: "celerity", message: "the store refused the result: \(error)"))
    return await store([replacement])
  }

  private func finish(_ pending: Pending, _ result: SettleResult) {
    leases.remove(pending.execution)
    if case .committed = result { return }
    telemetry.observe(.settlementRefused, of: pending.execution.delivery)
    logger.warning(
      "the lease of a task was lost; its result is not committed", metadata: pending.execution.delivery.logMetadata)
  }

  private func worthTrying(_ batch: [Pending]) -> [Pending] {
    let now = time.uptime
    let end = state.withLock { $0.end } ?? .seconds(Int64.max)
    var (left, worthless): ([Pending], [Pending]) = ([], [])
    for pending in batch {
      if now < min(pending.execution.heldUntil, end) { left.append(pending) } else { worthless.append(pending) }
    }
    return worthless.isEmpty ? left : left + giveUp(worthless, "the store did not take them in time")
  }

  private func giveUp(_ batch: [Pending], _ reason: String) -> [Pending] {
    for pending in batch { leases.remove(pending.execution) }
    logger.error(
      "the ends of tasks are not stored; the tasks will run again",
      metadata: ["count": "\(batch.count)", "error": "\(reason)"])
    return []
  }
}

extension Outcome {
  /// Whether no further attempt follows.
  fileprivate var isFinal: Bool {
    switch self {
    case .success, .ignored, .failure, .rejected: true
    case .retry, .revoked, .released: false
    }
  }
}
