public import CelerityCore
import Synchronization

extension SQLiteStore: Engine {
  public func submit(_ submissions: [Submission]) async throws(EngineError) -> [SubmitResult] {
    guard !submissions.isEmpty else { return [] }
    return try await commits.write(weight: submissions.count) { transaction in
      try submissions.map { try transaction.submit($0) }
    }
  }

  public func fetch(_ request: FetchRequest) async throws(EngineError) -> [Delivery] {
    guard request.limit > 0, !request.queues.isEmpty else { return [] }
    let deadline = memory.time.uptime + request.wait
    return try await memory.fetchBells.wait(until: deadline) { () async throws(EngineError) in
      // The ledger spares the writer a look when there is nothing.
      try commits.checkOpen()
      // Who has given up waiting must not be given work.
      if Task.isCancelled { return ([], true, nil) }
      guard memory.state.withLock({ !$0.ledger.fetchable(request.queues).isEmpty }) else { return ([], false, nil) }
      let deliveries = try await commits.write(durable: false, weight: min(request.limit, 1000)) {
        try $0.claim(request)
      }
      return (deliveries, !deliveries.isEmpty, nil)
    }
  }

  public func extend(_ extensions: [LeaseExtension]) async throws(EngineError) -> [LeaseStatus] {
    guard !extensions.isEmpty else { return [] }
    return try await commits.write(durable: false, weight: extensions.count) { transaction in
      try extensions.map { try transaction.extend($0) }
    }
  }

  public func settle(_ settlements: [Settlement]) async throws(EngineError) -> [SettleResult] {
    guard !settlements.isEmpty else { return [] }
    return try await commits.write(weight: settlements.count) { transaction in
      try settlements.map { try transaction.settle($0) }
    }
  }

  public func cancel(_ requests: [CancelRequest]) async throws(EngineError) -> [CancelResult] {
    guard !requests.isEmpty else { return [] }
    return try await commits.write(weight: requests.count) { transaction in
      try requests.map { try transaction.cancel($0) }
    }
  }

  public func queues(of tenant: Tenant?) async throws(EngineError) -> [QueueStatus] {
    try commits.checkOpen()
    let ledger = memory.state.withLock { $0.ledger }
    let keys = Set(ledger.queues.keys).union(ledger.paused).filter { tenant == nil || $0.tenant == tenant }
    return try await read { db in
      try keys.sorted().map { key in
        let counts = ledger.queues[key] ?? QueueLedger.Counts()
        let oldest = counts.ready == 0 ? nil : try db.oldestReady(of: key)
        return QueueStatus(
          key, ready: counts.ready, delayed: counts.delayed, leased: counts.leased,
          isPaused: ledger.paused.contains(key), oldestReady: oldest)
      }
    }
  }

  public func control(_ commands: [ControlCommand]) async throws(EngineError) -> [ControlResult] {
    for command in commands { try command.check() }
    var results: [ControlResult] = []
    var together: [ControlCommand] = []
    for command in commands {
      guard let work = Self.inSteps(command) else {
        together.append(command)
        continue
      }
      results += try await commit(together)
      together = []
      results.append(.done(affected: try await commitInSteps(work.queue, work.step)))
    }
    return results + (try await commit(together))
  }

  /// A step of a command that may touch a million tasks: acts on the next ones of a walk.
  private typealias Step = @Sendable (WriteTransaction, inout QueueWalk) throws -> Int

  private static func inSteps(_ command: ControlCommand) -> (queue: QueueKey, step: Step)? {
    switch command {
    case .purge(let queue): (queue, { try $0.purge(&$1) })
    case .move(let queue, let name): (queue, { try $0.move(&$1, to: name) })
    case .pause, .resume, .redrive, .discard: nil
    }
  }

  private func commit(_ commands: [ControlCommand]) async throws(EngineError) -> [ControlResult] {
    guard !commands.isEmpty else { return [] }
    return try await commits.write(weight: commands.count) { transaction in
      try commands.map { try transaction.control($0) }
    }
  }

  /// What was in a queue at the beginning is acted on in steps, between which others write. Who puts tasks back into the
  /// queue meanwhile makes it no longer: the walk goes on behind what it has met. It ends early when nobody wants it any
  /// more, or the store is closed.
  private func commitInSteps(_ queue: QueueKey, _ step: @escaping Step) async throws(EngineError) -> Int {
    var walk = QueueWalk(queue, upTo: try await commits.write(durable: false) { try $0.lastPosition() })
    var affected = 0
    while !walk.isOver {
      guard !Task.isCancelled else {
        throw EngineError(
          .unavailable, "stopped after \(affected) tasks, because nobody waits for the rest",
          hint: "ask again: what is done stays done")
      }
      let start = walk
      let (count, next) = try await commits.write(weight: QueueWalk.stepLimit) { transaction in
        var walk = start
        return (try step(transaction, &walk), walk)
      }
      affected += count
      walk = next
    }
    return affected
  }

  public func maintain(_ request: MaintenanceRequest) async throws(EngineError) -> MaintenanceReport {
    let deadline = memory.time.uptime + request.wait
    memory.policy.withLock { $0.retention = request.retention }
    return try await memory.dutyBells.wait(until: deadline) { () async throws(EngineError) in
      // Nothing here needs the disk to have it: what a power cut undoes is due again afterwards.
      let report = try await commits.write(durable: false, weight: 1000) { try $0.maintain(request) }
      var idle = MaintenanceReport()
      idle.nextDue = report.nextDue
      return (report, report != idle, report.nextDue)
    }
  }
}

extension SQLiteStore: StoreStatistics {
  public func counters() async throws(EngineError) -> StoreCounters {
    try commits.checkOpen()
    return memory.state.withLock { $0.counters }
  }
}
