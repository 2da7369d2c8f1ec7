import CelerityCore
import CelerityJSON

extension ConformanceRun {
  /// Accepts, leases and names so many holders of permits.
  func holders(_ count: Int, lease: Duration = .seconds(3000)) async throws -> [PermitHolder] {
    let first = try await store.queues(of: nil).reduce(0) { $0 + $1.leased }
    _ = try await store.submit((first..<first + count).map { Submission(.make("holder\($0)")) })
    return try await fetch(count, lease: lease).map { PermitHolder($0.key, token: $0.lease.token) }
  }

  func acquire(_ holder: PermitHolder, _ permits: Permit...) async throws -> PermitAnswer {
    let answers = try await store.acquire([PermitRequest(holder, permits: permits)])
    try equal(answers.count, 1, "answers")
    return answers[0]
  }
}

/// Limits on concurrency and fair shares.
enum PermitCases {
  static let all = [
    ConformanceCase("A concurrency limit admits so many holders and no more", concurrency),
    ConformanceCase("A permit is free when its attempt is settled, however", freeWhenSettled),
    ConformanceCase("A permit is free when it is released", freeWhenReleased),
    ConformanceCase("A permit is free when its lease is lost", freeWhenLost),
    ConformanceCase("A holder gets all permits it asks for, or none", allOrNone),
    ConformanceCase("A holder that asks again holds one permit", askedAgain),
    ConformanceCase("A holder whose lease is lost gets none", lostHolder),
    ConformanceCase("Limits of different names are apart", namesApart),
    ConformanceCase("Concurrent holders never exceed a limit", concurrent),
    ConformanceCase("A fair share admits no more than its part of all holders", fairShare),
    ConformanceCase("A limit of nothing admits nobody", limitOfNothing),
    ConformanceCase("Requests are answered in order, each for itself", inOrder),
  ]

  static func concurrency(_ run: ConformanceRun) async throws {
    let limit = Permit("p", .concurrency(2))
    let holders = try await run.holders(3)
    try run.equal(try await run.acquire(holders[0], limit), .granted, "the first")
    try run.equal(try await run.acquire(holders[1], limit), .granted, "the second")
    try run.equal(try await run.acquire(holders[2], limit), .denied(by: "p", retryAfter: nil), "the third")
  }

  static func freeWhenSettled(_ run: ConformanceRun) async throws {
    let limit = Permit("p", .concurrency(1))
    let outcomes: [Outcome] = [
      .success(.null), .failure(.boom), .retry(after: .seconds(9), .boom),
      .released(after: .seconds(9), reason: .limited),
    ]
    let holders = try await run.holders(outcomes.count)
    for (holder, outcome) in zip(holders, outcomes) {
      try run.equal(try await run.acquire(holder, limit), .granted, "before \(outcome)")
      _ = try await run.store.settle([Settlement(key: holder.key, token: holder.token, outcome)])
    }
  }

  static func freeWhenReleased(_ run: ConformanceRun) async throws {
    let limit = Permit("p", .concurrency(1))
    let holders = try await run.holders(2)
    _ = try await run.acquire(holders[0], limit)
    try await run.store.release([holders[1]])
    try run.equal(try await run.acquire(holders[1], limit), .denied(by: "p", retryAfter: nil), "while it is held")
    try await run.store.release([holders[0]])
    try run.equal(try await run.acquire(holders[1], limit), .granted, "when it is released")
  }

  static func freeWhenLost(_ run: ConformanceRun) async throws {
    let limit = Permit("p", .concurrency(1))
    let lost = try await run.holders(1, lease: .seconds(30))
    _ = try await run.acquire(lost[0], limit)
    let other = try await run.holders(1)
    try run.equal(try await run.acquire(other[0], limit), .denied(by: "p", retryAfter: nil), "while it is held")
    try await run.loseLeases()
    try run.equal(try await run.acquire(other[0], limit), .granted, "when the lease is lost")
  }

  static func allOrNone(_ run: ConformanceRun) async throws {
    let one = Permit("one", .concurrency(1))
    let two = Permit("two", .concurrency(1))
    let rate = Permit("rate", .rate(1, per: .seconds(10)))
    let holders = try await run.holders(3)
    _ = try await run.acquire(holders[0], two)
    try run.equal(try await run.acquire(holders[1], rate, one, two), .denied(by: "two", retryAfter: nil), "both")
    try run.equal(try await run.acquire(holders[2], rate, one), .granted, "those that were free")
  }

  static func askedAgain(_ run: ConformanceRun) async throws {
    let limit = Permit("p", .concurrency(2))
    let holders = try await run.holders(3)
    for _ in 0..<3 { try run.equal(try await run.acquire(holders[0], limit), .granted, "the first") }
    try run.equal(try await run.acquire(holders[1], limit), .granted, "the second")
    try run.equal(try await run.acquire(holders[0], limit), .granted, "the first again")
    try await run.store.release([holders[0]])
    try run.equal(try await run.acquire(holders[2], limit), .granted, "the third")
  }

  static func lostHolder(_ run: ConformanceRun) async throws {
    let limit = Permit("p", .concurrency(1))
    let lost = try await run.holders(1, lease: .seconds(30))
    try await run.loseLeases()
    try run.equal(try await run.acquire(lost[0], limit), .denied(by: "p", retryAfter: nil), "the lost one")
    let unknown = PermitHolder(TaskKey("none"), token: 1)
    try run.equal(try await run.acquire(unknown, limit), .denied(by: "p", retryAfter: nil), "an unknown one")
    let next = try await run.fetch().map { PermitHolder($0.key, token: $0.lease.token) }
    try run.equal(try await run.acquire(next[0], limit), .granted, "the next attempt")
  }

  static func namesApart(_ run: ConformanceRun) async throws {
    let holders = try await run.holders(2)
    try run.equal(try await run.acquire(holders[0], Permit("one", .concurrency(1))), .granted, "one")
    try run.equal(try await run.acquire(holders[1], Permit("two", .concurrency(1))), .granted, "two")
  }

  static func concurrent(_ run: ConformanceRun) async throws {
    let holders = try await run.holders(20)
    let answers = try await run.together(20) { try await run.acquire(holders[$0], Permit("p", .concurrency(7))) }
    try run.equal(answers.count { $0 == .granted }, 7, "granted")
  }

  static func fairShare(_ run: ConformanceRun) async throws {
    func permit(_ name: String) -> Permit { Permit(name, .fairShare(0.5, scope: "all")) }
    let holders = try await run.holders(6)
    try run.equal(try await run.acquire(holders[0], permit("a")), .granted, "the first of a")
    try run.equal(try await run.acquire(holders[1], permit("b")), .granted, "the first of b")
    try run.equal(try await run.acquire(holders[2], permit("b")), .denied(by: "b", retryAfter: nil), "2 of 3 are more")
    try run.equal(try await run.acquire(holders[3], permit("c")), .granted, "the first of c")
    try run.equal(try await run.acquire(holders[2], permit("b")), .granted, "2 of 4 are not")
    try run.equal(try await run.acquire(holders[4], permit("b")), .denied(by: "b", retryAfter: nil), "3 of 5 are")
    let elsewhere = Permit("b", .fairShare(0.5, scope: "else"))
    try run.equal(try await run.acquire(holders[5], elsewhere), .granted, "the first in another scope")
  }

  static func limitOfNothing(_ run: ConformanceRun) async throws {
    let holders = try await run.holders(1)
    try run.equal(
      try await run.acquire(holders[0], Permit("p", .concurrency(0))), .denied(by: "p", retryAfter: nil), "concurrency")
    try run.equal(
      try await run.acquire(holders[0], Permit("r", .rate(0, per: .seconds(1)))), .denied(by: "r", retryAfter: nil),
      "rate")
    try run.equal(try await run.acquire(holders[0]), .granted, "no limit")
  }

  static func inOrder(_ run: ConformanceRun) async throws {
    let holders = try await run.holders(3)
    let limit = Permit("p", .concurrency(1))
    let answers = try await run.store.acquire([
      PermitRequest(holders[0], permits: [limit]), PermitRequest(holders[1], permits: [limit]),
      PermitRequest(holders[2], permits: []),
    ])
    try run.equal(answers, [.granted, .denied(by: "p", retryAfter: nil), .granted], "answers")
  }
}

/// Limits on rates.
enum RateCases {
  static let all = [
    ConformanceCase("A rate admits so many in a window and says when the next one may come", window),
    ConformanceCase("Asking again at the time that was given is granted", honestDelay),
    ConformanceCase("A rate's permits are used up, not given back", usedUp),
    ConformanceCase("Over many windows a rate admits its number, and at most twice that over any", longRun),
    ConformanceCase("A rate does not care for the wall clock", wallClock),
    ConformanceCase("Concurrent holders never exceed a rate", concurrent),
  ]

  private static let limit = Permit("r", .rate(3, per: .seconds(10)))

  private static func delay(_ answer: PermitAnswer) -> Duration? {
    if case .denied(_, let delay) = answer { delay } else { .zero }
  }

  static func window(_ run: ConformanceRun) async throws {
    let holders = try await run.holders(4)
    for holder in holders.prefix(3) { try run.equal(try await run.acquire(holder, limit), .granted, "within") }
    let answer = try await run.acquire(holders[3], limit)
    let wait = try run.unwrap(delay(answer), "the time to wait")
    try run.expect(wait > .zero && wait <= .seconds(20), "the time to wait is \(wait)")
    run.time.advance(by: .seconds(20))
    try run.equal(try await run.acquire(holders[3], limit), .granted, "two windows later")
  }

  static func honestDelay(_ run: ConformanceRun) async throws {
    let holders = try await run.holders(20)
    for (number, holder) in holders.enumerated() {
      let answer = try await run.acquire(holder, limit)
      let wait = try run.unwrap(delay(answer), "the time to wait")
      if wait > .zero {
        run.time.advance(by: wait - .microseconds(1))
        try run.expect(try await run.acquire(holder, limit) != .granted, "\(number) was granted before its time")
        run.time.advance(by: .microseconds(1))
        try run.equal(try await run.acquire(holder, limit), .granted, "number \(number) at its time")
      }
      run.time.advance(by: .milliseconds(370 * (number % 5)))
    }
  }

  static func usedUp(_ run: ConformanceRun) async throws {
    let holders = try await run.holders(4)
    for holder in holders.prefix(3) {
      _ = try await run.acquire(holder, limit)
      try await run.store.release([holder])
      _ = try await run.store.settle([Settlement(key: holder.key, token: holder.token, .success(.null))])
    }
    try run.expect(try await run.acquire(holders[3], limit) != .granted, "a used permit came back")
  }

  static func longRun(_ run: ConformanceRun) async throws {
    let holders = try await run.holders(1)
    var admitted: [Duration] = []
    for _ in 0..<1000 {
      if try await run.acquire(holders[0], limit) == .granted { admitted.append(run.time.uptime) }
      run.time.advance(by: .milliseconds(250))
    }
    // 250 seconds are 25 windows of 3.
    try run.expect((72...78).contains(admitted.count), "\(admitted.count) were admitted")
    for start in admitted {
      let inWindow = admitted.count { $0 >= start && $0 < start + .seconds(10) }
      try run.expect(inWindow <= 6, "\(inWindow) were admitted within one window")
    }
  }

  static func wallClock(_ run: ConformanceRun) async throws {
    let holders = try await run.holders(4)
    for holder in holders.prefix(3) { _ = try await run.acquire(holder, limit) }
    for jump in [3600, -7200] {
      run.time.jump(by: .seconds(jump))
      try run.expect(try await run.acquire(holders[3], limit) != .granted, "a jump by \(jump) s gave a permit")
    }
  }

  static func concurrent(_ run: ConformanceRun) async throws {
    let holders = try await run.holders(20)
    let answers = try await run.together(20) { try await run.acquire(holders[$0], limit) }
    try run.equal(answers.count { $0 == .granted }, 3, "granted")
  }
}
