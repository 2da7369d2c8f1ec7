import CelerityCore
import CelerityJSON

enum IdempotencyCases {
  static let all = [
    ConformanceCase("A request repeated under its key is answered with the first task", repeated),
    ConformanceCase("A key with another fingerprint is a conflict and adds nothing", otherFingerprint),
    ConformanceCase("The key is asked before the id", keyBeforeID),
    ConformanceCase("A key answers after its task has ended", answersAfterEnd),
    ConformanceCase("Keys of tenants are apart", tenantsApart),
    ConformanceCase("A key is forgotten after its retention", forgotten),
    ConformanceCase("A key's retention does not care for the wall clock", wallClock),
    ConformanceCase("A request that met a conflict does not use up its key", conflictKeepsNoKey),
    ConformanceCase("A request answered by a unique key's holder is answered so again", holderIsRemembered),
    ConformanceCase("Concurrent requests under one key add one task", concurrent),
    ConformanceCase("Submissions that added nothing are counted by cause", counted),
    ConformanceCase("A key whose task was discarded is free", discarded),
    ConformanceCase("A key whose task is past its retention still stands for it", expired),
    ConformanceCase("A key is recognised by the request itself, as it was remembered once", plain),
  ]

  private static func submission(
    _ id: String, key: String = "k", fingerprint: [UInt8] = [1], tenant: Tenant = .default
  ) -> Submission {
    Submission(
      .make(id, tenant: tenant),
      idempotency: IdempotencyKey(key, fingerprint: fingerprint, retention: .seconds(100)))
  }

  static func repeated(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    let again = try await run.submit(submission("b"))
    try run.equal(again, .existing(TaskID(stored: "a"), cause: .idempotencyKey))
    try run.equal(try await run.lookUp(TaskKey("b")), .unknown, "the second id")
    try run.equal(try await run.fetchIDs(), ["a"], "fetched")
  }

  static func otherFingerprint(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    guard case .conflict(let error) = try await run.submit(submission("b", fingerprint: [2])) else {
      throw ConformanceFailure("another request was taken under the key")
    }
    try run.equal(error.code, .conflict, "code")
    try run.equal(try await run.fetchIDs(), ["a"], "fetched")
  }

  static func keyBeforeID(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    try run.equal(
      try await run.submit(submission("a")), .existing(TaskID(stored: "a"), cause: .idempotencyKey), "the same request")
    guard case .conflict = try await run.submit(submission("a", fingerprint: [2])) else {
      throw ConformanceFailure("the id hid that the key was used for another request")
    }
  }

  static func answersAfterEnd(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    try await run.settle(try await run.take("a"), .failure(.boom))
    try run.equal(try await run.submit(submission("b")), .existing(TaskID(stored: "a"), cause: .idempotencyKey))
  }

  static func tenantsApart(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    let other = try await run.submit(submission("b", fingerprint: [2], tenant: .other))
    guard case .accepted = other else { throw ConformanceFailure("the other tenant got \(other)") }
  }

  static func forgotten(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    run.time.advance(by: .seconds(99))
    try await run.maintain()
    try run.equal(try await run.submit(submission("b")).id?.text, "a", "before")
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.submit(submission("c")).id?.text, "c", "after")
    try await run.maintain()
    try run.equal(try await run.submit(submission("d")).id?.text, "c", "under the new key")
  }

  static func wallClock(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    run.time.jump(by: .seconds(3600))
    try await run.maintain()
    try run.equal(try await run.submit(submission("b")).id?.text, "a", "after a jump forward")
    run.time.jump(by: .seconds(-7200))
    run.time.advance(by: .seconds(100))
    try run.equal(try await run.submit(submission("c")).id?.text, "c", "after a jump back")
  }

  static func conflictKeepsNoKey(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", task: "else"))
    guard case .conflict = try await run.submit(submission("a")) else {
      throw ConformanceFailure("the id was free")
    }
    try run.equal(try await run.submit(submission("b", fingerprint: [2])).id?.text, "b", "under the key")
  }

  static func holderIsRemembered(_ run: ConformanceRun) async throws {
    try await run.accept(.make("holder"), unique: UniqueKey("u"))
    var request = submission("a")
    request.unique = UniqueKey("u")
    try run.equal(try await run.submit(request), .existing(TaskID(stored: "holder"), cause: .uniqueKey), "at first")
    try await run.settle(try await run.take("holder"), .success(.null))
    try run.equal(
      try await run.submit(request), .existing(TaskID(stored: "holder"), cause: .idempotencyKey), "when it had ended")
  }

  static func concurrent(_ run: ConformanceRun) async throws {
    let results = try await run.together(16) { try await run.submit(submission("t\($0)")) }
    try run.equal(results.count { if case .accepted = $0 { true } else { false } }, 1, "accepted")
    try run.equal(Set(results.compactMap { $0.id?.text }).count, 1, "ids")
    try run.equal(try await run.fetchIDs().count, 1, "fetched")
  }

  static func discarded(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    try await run.settle(try await run.take("a"), .success(.null))
    try run.equal(try await run.control(.discard(TaskKey("a"))), .done(affected: 1))
    guard case .accepted = try await run.submit(submission("b", fingerprint: [2])) else {
      throw ConformanceFailure("the key still stood for a task that is gone")
    }
    let again = try await run.submit(submission("c", fingerprint: [2]))
    try run.equal(again, .existing(TaskID(stored: "b"), cause: .idempotencyKey), "under the key")
  }

  static func expired(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    try await run.settle(try await run.take("a"), .success(.null))
    run.time.advance(by: .seconds(10))
    try await run.maintain(Retention(success: .seconds(5), tombstone: .seconds(50)))
    try run.equal(try await run.lookUp(TaskKey("a")), .expired, "the task")
    try run.equal(try await run.submit(submission("b")), .existing(TaskID(stored: "a"), cause: .idempotencyKey))
    run.time.advance(by: .seconds(60))
    try run.equal(try await run.submit(submission("c")).id?.text, "c", "when nothing is known of it any more")
  }

  static func plain(_ run: ConformanceRun) async throws {
    let request = Array(#"{"task":"work"}"#.utf8)
    _ = try await run.submit(submission("a", fingerprint: request))
    for (id, body, wanted) in [("b", request, true), ("c", request + [0x20], false)] {
      let key = IdempotencyKey("k", request: body, retention: .seconds(100))
      let answer = try await run.submit(Submission(.make(id), idempotency: key))
      try run.equal(answer == .existing(TaskID(stored: "a"), cause: .idempotencyKey), wanted, "whether it is \(id)")
    }
  }

  static func counted(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    _ = try await run.submit(submission("b"))
    try await run.accept(.make("c"), unique: UniqueKey("u"))
    _ = try await run.submit(Submission(.make("c")))
    _ = try await run.submit(Submission(.make("d"), unique: UniqueKey("u")))
    _ = try await run.submit(Submission(.make("e"), unique: UniqueKey("u")))
    let counted = try await run.store.counters().duplicateSubmissions
    try run.equal(counted, [.idempotencyKey: 1, .sameID: 1, .uniqueKey: 2], "counted")
  }
}
