public import CelerityCore
import CeleryWire
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
    for name in request.queues where Keys.isReserved(QueueKey(name)) { throw EngineError(reserved: name) }
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
    // A lease may end earlier now than maintenance waits for.
    dutyBell.ring()
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
    // Taken by the first who settles: of several who settle the same attempt at once, one has the answer.
    var open = unanswered.withLock { unanswered in
      Set(settlements.filter { unanswered[$0.key] == $0.token }.map(\.key)).filter {
        unanswered.removeValue(forKey: $0) != nil
      }
    }
    held.withLock { held in
      for settlement in settlements {
        for followUp in settlement.followUps + (settlement.replacement?.first ?? []) { world.expectNew(followUp) }
      }
      // A guess at a follow-up's id must not hide an attempt that is settled here.
      for settlement in settlements {
        if let row = held[settlement.key], row.record.lease?.token == settlement.token {
          world.tasks[settlement.key] = .some(row)
          held[settlement.key] = nil
          open.insert(settlement.key)
        } else {
          world.tasks[settlement.key] = nil
        }
      }
    }
    await declareBindings(Set(settlements.flatMap(\.queues)))
    let results: [SettleResult]
    do throws(EngineError) {
      results = try await transactions.run(assuming: world) { draft throws(DraftError) in
        try draft.need(settlements.map { .task($0.key) })
        try draft.needForEnds(of: settlements.map(\.key))
        var results: [Draft.Settled] = []
        for settlement in settlements {
          results.append(try draft.settle(settlement, isOpen: open.contains(settlement.key)))
        }
        return results
      } finish: { results, base in
        results.map { $0.counted(from: base) }
      }
    } catch {
      note(settlements.filter { open.contains($0.key) })
      throw error
    }
    return results
  }

  /// Most settlements that are remembered as unanswered: who is not among them any more is answered that it was too late.
  private static let mostUnanswered = 10_000

  /// Remembers whose answer was lost.
  private func note(_ settlements: [Settlement]) {
    unanswered.withLock { unanswered in
      if unanswered.count > Self.mostUnanswered { unanswered = [:] }
      for settlement in settlements { unanswered[settlement.key] = settlement.token }
    }
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
      let fresh = queues.filter {
        $0.tenant == .default && !Keys.isReserved($0) && (declared[$0.name].map { $0 <= now } ?? true)
      }
      for queue in fresh { declared[queue.name] = now + Self.bindingLife }
      return fresh
    }
    if fresh.isEmpty { return }
    _ = try? await client.engineReplies(
      fresh.flatMap { queue in
        let member = RESPCommand.Argument.text(KombuQueue.binding(queue.name))
        return [
          RESPCommand("SADD", .text(keys.binding(queue.name)), member),
          RESPCommand("SADD", .text(keys.permanentBinding(queue.name)), member),
        ]
      })
  }
}

extension EngineError {
  /// The error of a queue whose name would be a key of something else.
  init(reserved name: String) {
    self.init(
      .invalid, "no queue can have the name '\(name)' on Redis: Celery or Celerity has a key of that name",
      hint: "give the queue another name")
  }
}

extension Settlement {
  /// Where what it sends will wait.
  var queues: [QueueKey] {
    (followUps + (replacement?.first ?? [])).map(\.message.queueKey) + (replacement.map { [$0.message.queueKey] } ?? [])
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
