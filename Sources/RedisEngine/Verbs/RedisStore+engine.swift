public import CelerityCore
import Logging
import NIOCore
import RESPClient
import Synchronization

extension RedisStore: Engine {
  public func submit(_ submissions: [Submission]) async throws(EngineError) -> [SubmitResult] {
    if submissions.isEmpty { return [] }
    // Almost all are new: a wrong guess costs a second round trip.
    var world = World()
    for submission in submissions { world.expectNew(submission) }
    await declareBindings(Set(submissions.map(\.message.queueKey)))
    return try await transactions.run(assuming: world) { draft throws(DraftError) in
      try draft.submit(submissions)
    } finish: { results, base in
      results.map { $0.counted(from: base) }
    }
  }

  /// Whoever waits looks again after so long although nothing was heard: a hint may be lost.
  private static let longestSilence = Duration.seconds(10)

  public func fetch(_ request: FetchRequest) async throws(EngineError) -> [Delivery] {
    let deadline = time.uptime + request.wait
    await declareBindings(Set(request.queues.map { QueueKey($0) }))
    var hasWaitedInVain = false
    while true {
      let rings = fetchBell.rings
      // Nobody would take what was claimed now.
      if Task.isCancelled { return [] }
      // A claim that has begun is seen to its end: given up half-way, what it has taken would lie until its leases end.
      let claiming = Task { () -> Result<(deliveries: [Delivery], paused: Set<QueueKey>), EngineError> in
        do throws(EngineError) { return .success(try await claim(request)) } catch { return .failure(error) }
      }
      let (deliveries, paused) = try await claiming.value.get()
      if hasWaitedInVain, !deliveries.isEmpty { noteMissedWork() }
      let isOver = request.limit < 1 || time.uptime >= deadline || Task.isCancelled
      if !deliveries.isEmpty || isOver { return deliveries }
      let end = min(deadline, time.uptime + Self.longestSilence)
      await peeks.during(request.queues.map { QueueKey($0) }.filter { !paused.contains($0) }) {
        await fetchBell.wait(beyond: rings, until: end, on: time)
      }
      hasWaitedInVain = fetchBell.rings == rings
    }
  }

  /// Work was there and nobody was told: what should have told is made anew.
  private func noteMissedWork() {
    logger.warning("work was found that nothing had announced; listening is begun anew")
    missedWork.wrappingAdd(1, ordering: .relaxed)
    peeks.restart()
  }

  public func extend(_ extensions: [LeaseExtension]) async throws(EngineError) -> [LeaseStatus] {
    if extensions.isEmpty { return [] }
    var arguments: [RESPCommand.Argument] = [.text(keys.prefix), .text(clock.arguments.storeTime)]
    for wish in extensions {
      arguments += [.text(wish.key.text), .text(String(wish.token)), .number(wish.lease.microseconds)]
    }
    let answers = try await ExtendScript.script.engineRun(on: client, arguments).elements ?? []
    if clock.isGiven || extensions.contains(where: { $0.lease < .seconds(30) }) { dutyBell.ring() }
    let statuses = zip(extensions, answers).map { wish, answer -> LeaseStatus in
      guard let parts = answer.elements, parts.count == 2, let deadline = parts[0].integer else { return .lost }
      return .held(
        Lease(token: wish.token, deadline: StoreTime(microseconds: deadline)),
        isCancelRequested: parts[1].integer == 1)
    }
    // Whoever has lost a lease may never settle it.
    held.withLock { held in
      for (wish, status) in zip(extensions, statuses) where status == .lost {
        if held[wish.key]?.record.lease?.token == wish.token { held[wish.key] = nil }
      }
    }
    return statuses
  }

  public func settle(_ settlements: [Settlement]) async throws(EngineError) -> [SettleResult] {
    if settlements.isEmpty { return [] }
    var world = World()
    held.withLock { held in
      for settlement in settlements {
        for followUp in settlement.followUps { world.expectNew(followUp) }
      }
      // A guess at a follow-up's id must not hide an attempt that is settled here.
      for settlement in settlements {
        if let row = held[settlement.key], row.record.lease?.token == settlement.token {
          world.tasks[settlement.key] = .some(row)
        } else {
          world.tasks[settlement.key] = nil
        }
      }
    }
    await declareBindings(Set(settlements.flatMap { $0.followUps.map(\.message.queueKey) }))
    let results = try await transactions.run(assuming: world) { draft throws(DraftError) in
      try draft.need(settlements.map { .task($0.key) })
      var results: [SettleResult] = []
      for settlement in settlements { results.append(try draft.settle(settlement)) }
      return results
    } finish: { results, base in
      results.map { $0.counted(from: base) }
    }
    held.withLock { held in
      for settlement in settlements where held[settlement.key]?.record.lease?.token == settlement.token {
        held[settlement.key] = nil
      }
    }
    return results
  }

  public func cancel(_ requests: [CancelRequest]) async throws(EngineError) -> [CancelResult] {
    try await transactions.run { draft throws(DraftError) in
      try draft.need(requests.map { .task($0.key) })
      var results: [CancelResult] = []
      for request in requests { results.append(try draft.cancel(request)) }
      return results
    }
  }
}

extension RedisStore {
  /// How long a declared binding counts as there: whoever flushes the server's tables must not stop Python's workers.
  private static let bindingLife = Duration.seconds(60)

  /// Declares queues as Celery's clients do, in both tables, so that its workers and tools see them. Best effort: what
  /// it fails on, the next command fails on too.
  func declareBindings(_ queues: Set<QueueKey>) async {
    let now = time.uptime
    let fresh = declared.withLock { declared in
      let fresh = queues.filter { $0.tenant == .default && (declared[$0.name].map { $0 <= now } ?? true) }
      for queue in fresh { declared[queue.name] = now + Self.bindingLife }
      return fresh
    }
    if fresh.isEmpty { return }
    _ = try? await client.engineReplies(
      fresh.flatMap { queue in
        let member = RESPCommand.Argument.text("\(queue.name)\u{6}\u{16}\u{6}\u{16}\(queue.name)")
        return [
          RESPCommand("SADD", .text(keys.binding(queue.name)), member),
          RESPCommand("SADD", .text(keys.permanentBinding(queue.name)), member),
        ]
      })
  }
}

extension World {
  /// Takes a submission to be of new work.
  mutating func expectNew(_ submission: Submission) {
    let message = submission.message
    tasks[message.key] = .some(nil)
    if let key = submission.idempotency { idempotency[ScopedName(key.key, tenant: message.tenant)] = .some(nil) }
    if let unique = submission.unique { self.unique[ScopedName(unique.key, tenant: message.tenant)] = .some(nil) }
    if submission.depthLimit != nil {
      depths[message.queueKey] = 0
      guessedDepths.insert(message.queueKey)
    }
    for group in submission.groups where group.body != nil {
      groups[ScopedName(group.id, tenant: message.tenant)] = GroupState(
        size: nil, counted: 0, added: nil, claim: nil, declaration: nil)
    }
  }
}

extension SubmitResult {
  /// With the number that the store has given instead of the draft's.
  func counted(from base: ChangeNumber) -> SubmitResult {
    if case .accepted(let id, let seq) = self { .accepted(id, seq: base + seq) } else { self }
  }
}

extension SettleResult {
  /// With the number that the store has given instead of the draft's.
  func counted(from base: ChangeNumber) -> SettleResult {
    if case .committed(let state, let seq) = self { .committed(state, seq: base + seq) } else { self }
  }
}
