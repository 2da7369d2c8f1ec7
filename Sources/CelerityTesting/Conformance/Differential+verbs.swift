import CelerityCore
import CelerityJSON

/// The verbs a comparison draws from.
extension Differential {
  private static let queues = ["q0", "q1", "q2"]
  private static let tenants = [Tenant.default, .other]
  private static let ids =
    (0..<24).map { "t\($0)" } + (0..<12).map { "l\($0)" }
    + (0..<6).flatMap { group in
      ["body\(group)"] + (0..<3).map { "m\(group).\($0)" }
    }
  static let keys = tenants.flatMap { tenant in ids.map { TaskKey($0, tenant) } }

  /// Draws a verb and asks both stores.
  mutating func act() async throws {
    // From draws of its own: a cache changes nothing that other verbs see.
    if cacheRandom.oneIn(30) { try await cache() }
    switch random.below(32) {
    case 0..<7: try await submit()
    case 7..<14: try await fetch()
    case 14..<20: try await settle()
    case 20: try await extend()
    case 21: try await report()
    case 22: try await cancel()
    case 23, 24: try await control()
    case 25, 26: try await maintain()
    case 27: try await steps()
    case 28: try await logs()
    case 29: try await permits()
    case 30: try await documents()
    default: try await coordinate()
    }
  }

  // MARK: The engine

  private mutating func submit() async throws {
    let submissions = random.oneIn(5) ? chord() : (0...random.below(2)).map { _ in submission() }
    verb = "submit \(submissions.map(\.message.key))"
    try await both { store, _ in
      try await store.submit(submissions)
    } seeing: {
      $0.map(Self.comparable)
    }
  }

  private mutating func message(_ id: String, tenant: Tenant) -> TaskMessage {
    let args = RawJSON.array([.integer(Int64(random.below(2)))])
    var message = TaskMessage.make(id, queue: Self.queues[random.below(3)], args: args, tenant: tenant)
    if random.oneIn(2) { message.priority = Priority(random.below(10)) }
    if random.oneIn(5) { message.eta = now + .milliseconds(random.below(20_000) - 2000) }
    if random.oneIn(6) { message.expires = now + .milliseconds(random.below(30_000)) }
    if random.oneIn(5) { message.extras = followers() }
    return message
  }

  /// What follows a task: links and a chain, a chord in it now and then. All of it has ids out of few, so that a comparison
  /// does not grow with its length.
  private mutating func followers() -> TaskMessage.Extras {
    var extras = TaskMessage.Extras()
    if random.oneIn(2) { extras.callbacks = (0...random.below(2)).map { _ in follower("link") } }
    if random.oneIn(2) { extras.errbacks = (0...random.below(2)).map { _ in follower("link") } }
    guard random.oneIn(2) else { return extras }
    extras.chain = (0...random.below(2)).map { _ in follower("work") }
    if random.oneIn(3) {
      let header = FollowingCases.group(id: "h\(random.below(4))", [follower("work"), follower("link")])
      extras.chain?.append(FollowingCases.chord(header, follower("work")))
    }
    return extras
  }

  private mutating func follower(_ task: String) -> Signature {
    let queue = random.oneIn(2) ? [("queue", RawJSON.string(Self.queues[random.below(3)]))] : []
    let id = task == "work" ? "t\(random.below(24))" : "l\(random.below(12))"
    return FollowingCases.signature(task, id: id, options: queue, immutable: random.oneIn(3))
  }

  private mutating func submission() -> Submission {
    var submission = Submission(message("t\(random.below(24))", tenant: Self.tenants[random.below(2)]))
    if random.oneIn(3) {
      submission.idempotency = IdempotencyKey(
        "k\(random.below(6))", fingerprint: [UInt8(random.below(2))], retention: .seconds(random.below(60)))
    }
    if random.oneIn(3) {
      submission.unique = UniqueKey(
        "u\(random.below(3))", scope: random.oneIn(2) ? .untilStarted : .untilFinished,
        onConflict: random.oneIn(2) ? .keepExisting : .replaceWaiting)
    }
    if random.oneIn(4) { submission.depthLimit = random.below(9) }
    if random.oneIn(8) { submission.failure = TaskFailure(type: "KeyError", message: "never ran") }
    return submission
  }

  private mutating func chord() -> [Submission] {
    let number = random.below(6)
    let tenant = Self.tenants[random.below(2)]
    var body = TaskMessage.make("body\(number)", task: "body", tenant: tenant, priority: 7)
    body.queue = Self.queues[random.below(3)]
    let group = GroupDeclaration(
      id: "g\(number).\(self.number)", size: 2 + random.below(2), body: random.oneIn(5) ? nil : body,
      passesResults: !random.oneIn(3))
    return (0..<group.size).map { index in
      var member = message("m\(number).\(index)", tenant: tenant)
      member.extras.group = TaskMessage.GroupMembership(id: group.id, index: index)
      let failure = random.oneIn(12) ? TaskFailure(type: "KeyError", message: "never ran") : nil
      return Submission(member, group: index == 0 ? group : nil, failure: failure)
    }
  }

  private mutating func fetch() async throws {
    let queues = random.oneIn(3) ? [Self.queues[random.below(3)]] : Self.queues
    let request = FetchRequest(
      queues: queues, limit: 1 + random.below(4), worker: "w\(random.below(3))",
      lease: .seconds(random.oneIn(4) ? 3 : 60))
    verb = "fetch \(queues)"
    let answers = try await both { store, _ in
      try await store.fetch(request)
    } seeing: {
      $0.map(Self.comparable)
    }
    for (mine, theirs) in zip(answers[0], answers[1]) { running.append(Pair(deliveries: [mine, theirs])) }
  }

  private mutating func settle() async throws {
    guard !running.isEmpty else { return }
    let place = random.below(running.count)
    // Some stay, so that they are settled again, or late.
    let pair = random.oneIn(4) ? running[place] : running.remove(at: place)
    let outcome = outcome()
    var followUps: [Submission] = []
    if random.oneIn(5) {
      let failure = random.oneIn(3) ? TaskFailure(type: "KeyError", message: "never ran") : nil
      followUps = [
        Submission(.make("t\(random.below(24))", tenant: pair.key.tenant, priority: 3), failure: failure)
      ]
    }
    let steps = random.oneIn(4) ? [StepResult(name: "s\(random.below(2))", value: .integer(Int64(number)))] : []
    verb = "settle \(pair.key) \(outcome)"
    let age = Duration.seconds(number % 5 == 0 ? 30 : 0)
    try await both { store, side in
      var settlement = Settlement(pair.deliveries[side], outcome, followUps: followUps, steps: steps)
      settlement.retentionHeadStart = age
      return try await store.settle([settlement])
    } seeing: {
      $0.map(Self.comparable)
    }
  }

  private mutating func outcome() -> Outcome {
    let failure = TaskFailure(type: "ValueError", message: "boom \(number)")
    return switch random.below(12) {
    case 0..<5: .success(.integer(Int64(number)))
    case 5, 6: .retry(after: .milliseconds(random.below(2) * random.below(9000)), failure)
    case 7: .failure(failure)
    case 8: .ignored
    case 9: .rejected(failure)
    case 10: .revoked(reason: .terminated)
    default: .released(after: .milliseconds(random.below(2) * 2000), reason: .limited)
    }
  }

  private mutating func extend() async throws {
    let pairs = running
    verb = "extend \(pairs.map(\.key))"
    try await both { store, side in
      try await store.extend(
        pairs.map { LeaseExtension($0.key, token: $0.deliveries[side].lease.token, by: .seconds(20)) })
    } seeing: { statuses in
      statuses.map { if case .held(_, let isCancelRequested) = $0 { "held \(isCancelRequested)" } else { "lost" } }
    }
  }

  private mutating func cancel() async throws {
    let request = CancelRequest(random.pick(Self.keys) ?? Self.keys[0])
    verb = "cancel \(request.key)"
    try await both { store, _ in try await store.cancel([request]) }
  }

  private mutating func control() async throws {
    let queue = QueueKey(Self.queues[random.below(3)], tenant: Self.tenants[random.below(2)])
    let key = random.pick(Self.keys) ?? Self.keys[0]
    let command: ControlCommand =
      switch random.below(10) {
      case 0: .pause(queue)
      case 1, 2, 3: .resume(queue)
      case 4: .purge(queue)
      case 5: .discard(key)
      case 6: .move(queue, to: Self.queues[random.below(3)])
      default: .redrive(key)
      }
    verb = "control \(command)"
    try await both { store, _ in try await store.control([command]) }
  }

  private mutating func maintain() async throws {
    let retention =
      random.oneIn(4) ? Retention(success: .seconds(30), failure: .seconds(60), tombstone: .seconds(60)) : Retention()
    let request = MaintenanceRequest(retention: retention, limit: random.oneIn(3) ? 1 + random.below(3) : 1000)
    verb = "maintain \(request.limit)"
    try await both { store, _ in try await store.maintain(request) }
  }

  // MARK: The small protocols

  private mutating func report() async throws {
    guard let pair = random.pick(running) else { return }
    let value = RawJSON.integer(Int64(number))
    verb = "report \(pair.key)"
    try await both { store, side in
      try await store.report([ProgressReport(pair.key, token: pair.deliveries[side].lease.token, value: value)])
    }
  }

  private mutating func steps() async throws {
    guard let pair = random.pick(running) else { return }
    let step = StepResult(name: "s\(random.below(3))", value: .integer(Int64(number)))
    verb = "save \(pair.key)"
    try await both { store, side in
      try await store.save(step, for: pair.key, token: pair.deliveries[side].lease.token)
    }
    for generation in 0..<3 {
      try await both { store, _ in try await store.steps(of: pair.key, generation: generation) }
    }
  }

  private mutating func logs() async throws {
    let key = random.pick(Self.keys) ?? Self.keys[0]
    let lines = (0..<random.below(4)).map {
      TaskLogLine(key, attempt: 1, time: now, level: "info", text: "\(number).\($0)")
    }
    verb = "append to \(key)"
    try await both { store, _ in
      try await store.append(lines)
      return try await store.logs(of: key, after: 0, limit: 50).map { "\($0.attempt) \($0.time) \($0.text)" }
    }
  }

  private mutating func permits() async throws {
    guard let pair = random.pick(running) else { return }
    let permits = [
      Permit("c", .concurrency(2)), Permit("r", .rate(2, per: .seconds(10))),
      Permit("f\(random.below(2))", .fairShare(0.5, scope: "all")),
    ]
    let wanted = permits.filter { _ in random.oneIn(2) }
    let isReleased = random.oneIn(4)
    verb = "acquire \(wanted.map(\.name)) for \(pair.key)"
    try await both { store, side in
      let holder = PermitHolder(pair.key, token: pair.deliveries[side].lease.token)
      if isReleased { try await store.release([holder]) }
      return try await store.acquire([PermitRequest(holder, permits: wanted)])
    } seeing: { answers in
      // When a rate's window begins is the store's own time.
      answers.map { if case .denied(let name, let delay) = $0 { "\(name) \(delay != nil)" } else { "granted" } }
    }
  }

  private mutating func documents() async throws {
    let writes = (0...random.below(2)).map { _ in
      DocumentWrite(
        DocumentKey("c", "d\(random.below(4))", tenant: Self.tenants[random.below(2)]),
        random.oneIn(4) ? nil : .integer(Int64(number)),
        expecting: random.oneIn(2) ? nil : Int64(random.below(3)))
    }
    // Conditions on one document twice in one array have no order that the contract names.
    guard Set(writes.map(\.key)).count == writes.count else { return }
    verb = "write \(writes.map(\.key.name))"
    try await both { store, _ in try await store.write(writes) }
    for tenant in Self.tenants {
      try await both { store, _ in
        try await store.documents(in: "c", of: tenant, prefix: "d", after: nil, limit: 3)
      }
    }
  }

  /// A few small caches that overflow often; some entries end before they are asked for.
  private mutating func cache() async throws {
    let name = "c\(cacheRandom.below(2))"
    let bound = 400 + cacheRandom.below(3) * 300
    verb = "cache in \(name), bound \(bound)"
    for _ in 0...cacheRandom.below(5) {
      let key = CacheKey(name, "e\(cacheRandom.below(6))")
      let (action, length) = (cacheRandom.below(8), cacheRandom.below(400))
      let blob = Blob(contentType: "t", bytes: [UInt8](repeating: UInt8(length % 251), count: length))
      let lifetime = Duration.milliseconds(cacheRandom.below(20) * 500)
      try await both { store, _ -> Blob? in
        switch action {
        case 0..<3: return try await store.cached(key)
        case 3: return try await store.cached(key, counting: false)
        case 4..<7: try await store.cache(blob, at: key, for: lifetime, bound: bound)
        default: return try await store.uncache(key) ? blob : nil
        }
        return nil
      }
    }
    try await both { store, _ in try await store.cacheFigures(of: name) }
  }

  private mutating func coordinate() async throws {
    let name = "l\(random.below(2))"
    let holder = "h\(random.below(3))"
    let worker = PresenceCases.worker("w\(random.below(3))", running: number)
    let revocation = Revocation.task(random.pick(Self.keys) ?? Self.keys[0])
    let duration = Duration.seconds(random.below(60))
    let isResigning = random.oneIn(4)
    verb = "lead, announce, revoke"
    try await both { store, _ in
      if isResigning { try await store.resign(name, holder: holder) }
      return try await store.lead(name, holder: holder, for: duration)?.holder
    }
    try await both { store, _ in
      try await store.announce(worker, for: duration)
      return try await store.workers()
    }
    // The orders of a worker that is announced or not; the numbers are a store's own.
    try await both { store, _ in
      try await store.order(.scale(number + 1), worker: worker.name)
    }
    try await both { store, _ in
      try await store.nextOrders(worker: "w1", incarnation: "i1", after: 0, wait: .zero).map(\.order)
    }
    let candidates = Self.keys.map { Revocation.task($0) }
    try await both { store, _ in
      try await store.revoke([revocation], for: duration)
      return try await store.revoked(among: candidates, tenant: .default)
    }
  }

  // MARK: Answers without the numbers a store is free to choose

  private static func comparable(_ result: SubmitResult) -> String {
    switch result {
    case .accepted(let id, _): "accepted \(id)"
    case .existing(let id, let cause): "existing \(id) \(cause)"
    case .conflict(let error): "conflict \(error.code.rawValue)"
    case .queueFull(let depth, let limit): "full \(depth) of \(limit)"
    }
  }

  private static func comparable(_ result: SettleResult) -> String {
    switch result {
    case .committed(let state, _): "committed \(state)"
    case .stale: "stale"
    case .unknown: "unknown"
    }
  }

  private static func comparable(_ delivery: Delivery) -> Delivery {
    var delivery = delivery
    delivery.lease = Lease(token: 0, deadline: StoreTime(microseconds: 0))
    return delivery
  }
}
