import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import CelerityTesting
import Testing

@testable import CelerityScheduler

@Suite("Schedules defined while the scheduler runs", .timeLimit(.minutes(1)))
struct DefinitionTests {
  let bench = Bench()

  /// Runs a duty while the body runs; ends when the last thing the body did has been seen.
  private func duty(_ entries: [ScheduleEntry] = [], _ body: () async throws -> Void) async throws {
    let duty = bench.duty(bench.view(), entries)
    try await bench.run({ await duty.run() }) {
      await bench.time.waitForSleepers()
      try await body()
      await bench.time.waitForSleepers()
    }
  }

  /// Lets seconds pass one by one.
  private func pass(_ seconds: Int) async {
    for _ in 0..<seconds { await bench.pass(.seconds(1)) }
    await bench.time.waitForSleepers()
  }

  @Test("A schedule that is added fires from its first slot on, with what it says")
  func added() async throws {
    let start = bench.now
    try await duty {
      await pass(2)
      try await bench.define(task: "demo.added")
      await pass(30)
    }
    #expect(try await bench.slots() == [12, 22, 32].map { start + $0 })
    let page = try await bench.memory.list(RecordQuery(task: "demo.added"))
    #expect(page.records.count == 3)
  }

  @Test("A slot between the adding of a schedule and the reading of it is fired late, not left out")
  func addedJustBefore() async throws {
    let start = bench.now
    try await duty {
      await pass(1)
      try await bench.define("soon", "at \(start + 3)")
      await pass(2)
      #expect(try await bench.slots("soon").isEmpty)
      await pass(2)
    }
    #expect(try await bench.slots("soon") == [start + 3])
  }

  @Test("A pause holds at once; what is missed in it never fires, what comes after it does")
  func pause() async throws {
    let start = bench.now
    try await duty([try .tick()]) {
      await pass(19)
      try await bench.change { $0.pause() }  // a second before the slot, and after the last reading
      await pass(16)
      try await bench.change { $0.resume(at: bench.time.now) }
      await pass(20)
    }
    #expect(try await bench.slots() == [10, 40, 50].map { start + $0 })
  }

  @Test("A slot in the very second of the resumption stays missed")
  func resumedAtSlot() async throws {
    let start = bench.now
    try await duty([try .tick()]) {
      await pass(5)
      try await bench.change { $0.pause() }
      await pass(15)
      try await bench.change { $0.resume(at: bench.time.now) }
      await pass(10)
    }
    #expect(try await bench.slots() == [start + 30])
  }

  @Test("A pause that begins and ends while nobody leads is a pause too")
  func pauseWithoutLeader() async throws {
    let start = bench.now
    try await duty([try .tick()]) { await pass(10) }
    try await bench.change { $0.pause() }
    bench.time.advance(by: .seconds(1000))
    try await bench.change { $0.resume(at: bench.time.now) }
    bench.time.advance(by: .seconds(5))
    try await duty([try .tick()]) { await pass(10) }
    #expect(try await bench.slots() == [10, 1020].map { start + $0 })
  }

  @Test("A pause survives the restart of the scheduler, which publishes the entry again")
  func pauseIsKept() async throws {
    try await duty([try .tick()]) { try await bench.change { $0.pause() } }
    try await duty([try .tick("every 7s")]) { await pass(60) }
    #expect(try await bench.slots().isEmpty)
    let definition = try #require(try await bench.definition())
    #expect(definition.isPaused)
    #expect(definition.schedule == .interval(seconds: 7))
  }

  @Test("A deletion holds at once")
  func deleted() async throws {
    let start = bench.now
    try await duty {
      try await bench.define()
      await pass(19)
      try await bench.delete()
      await pass(30)
    }
    #expect(try await bench.slots() == [start + 10])
    #expect(try await bench.memory.documents([PeriodicMachine.key("tick", tenant: .default)]) == [nil])
  }

  @Test("A schedule that is deleted and made again starts anew", arguments: [true, false])
  func madeAgain(hasLeader: Bool) async throws {
    let start = bench.now
    try await duty {
      try await bench.define("tick", "every 1h")
      await pass(5)
      if hasLeader {
        try await bench.delete()
        bench.time.advance(by: .seconds(7200))
        await pass(5)
      }
    }
    if !hasLeader {
      try await bench.delete()
      bench.time.advance(by: .seconds(7205))
    }
    try await bench.define("tick", "every 1h")
    try await duty {
      await pass(1)
      bench.time.advance(by: .seconds(3600))
    }
    #expect(try await bench.slots() == [start + 7210 + 3600])
  }

  @Test("What is remembered of definitions that are gone is forgotten; of unreadable ones it is kept")
  func orphans() async throws {
    try await duty([try .tick()]) {
      try await bench.define("gone")
      try await bench.define("unreadable")
      await pass(10)
    }
    _ = try await bench.memory.write([DocumentWrite(ScheduleDefinition.key("gone", tenant: .default), nil)])
    try await bench.put(document: .null, as: "unreadable")
    try await duty([try .tick()]) {}
    let names = ["gone", "unreadable", "tick"].map { PeriodicMachine.key($0, tenant: .default) }
    #expect(try await bench.memory.documents(names).map { $0 != nil } == [false, true, true])
  }

  @Test("A changed schedule starts anew, changed arguments do not")
  func changed() async throws {
    let start = bench.now
    let other = ScheduleEntry("tick", .interval(seconds: 10), task: "demo.other", kwargs: .object([("a", .true)]))
    try await duty {
      try await bench.define()
      await pass(14)
      let old = try #require(try await bench.definition())
      let new = try ScheduleDefinition(other, source: .api, at: bench.time.now)
      try await bench.put(new.replacing(old, keepingPause: true))
      await pass(10)
      try await bench.define("tick", "every 7s", task: "demo.third")
      await pass(16)
    }
    #expect(try await bench.slots() == [10, 20, 31, 38].map { start + $0 })
    let tasks = try await bench.memory.list(RecordQuery(limit: 10)).records.map(\.message.task)
    #expect(tasks == ["demo.third", "demo.third", "demo.other", "demo.tick"])
  }

  @Test(
    "A document that is no definition is logged once, stops no other, and fires once it is repaired",
    arguments: [
      RawJSON.null, .string("?"), .emptyObject, .object([("schedule", .string("every 10s"))]),
      .object([("schedule", .string("now and then")), ("task", .string("demo.tick"))]),
      .object([("schedule", .string("every 10s")), ("task", .string("t")), ("queue", .string("a/b"))]),
      .object([("schedule", .string("every 10s")), ("task", .string("t")), ("source", .string("nobody"))]),
      .object([("schedule", .string("0 0 * * * Mars/Olympus")), ("task", .string("t"))]),
    ])
  func unreadable(_ document: RawJSON) async throws {
    let start = bench.now
    try await bench.put(document: document, as: "broken")
    try await duty([try .tick()]) {
      await pass(40)
      #expect(bench.log.count(of: "schedule=broken") == 1)
      try await bench.define("broken")
      await pass(20)
    }
    #expect(try await bench.slots() == (1...6).map { start + $0 * 10 })
    #expect(try await bench.slots("broken") == [50, 60].map { start + $0 })
  }

  @Test("A document whose name no schedule can have is logged once and stops no other")
  func illegalName() async throws {
    let entry = ScheduleEntry("x", .interval(seconds: 10), task: "t")
    let document = try ScheduleDefinition(entry, source: .api, at: bench.time.now).document
    for name in ["a/b", "", "ü", String(repeating: "x", count: 201)] {
      try await bench.put(document: document, as: name)
    }
    try await duty([try .tick()]) { await pass(30) }
    #expect(bench.log.count(of: "does not fire") == 4)
    let page = try await bench.memory.list(RecordQuery(limit: 100))
    #expect(page.records.count == 3)
  }

  @Test("More definitions than one commit fires, and than one page holds, all fire")
  func many() async throws {
    let entry = try ScheduleEntry.tick()
    let definition = try ScheduleDefinition(entry, source: .api, at: bench.time.now).document
    for n in 0..<1201 { try await bench.put(document: definition, as: "s\(n)") }
    try await duty { await pass(10) }
    let page = try await bench.memory.list(RecordQuery(limit: 10_000))
    #expect(page.records.count == 1201)
  }

  @Test("One of many that the store refuses does not take the others with it")
  func oneRefused() async throws {
    let store = bench.view()
    store.before { call throws(EngineError) in
      guard case .submit(let submission) = call, submission.message.id.text.contains("refused") else { return }
      throw EngineError(.invalid, "no")
    }
    for name in ["a", "refused", "z"] { try await bench.define(name) }
    let duty = bench.duty(store)
    await bench.run({ await duty.run() }) { await pass(20) }
    for name in ["a", "z"] { #expect(try await bench.slots(name).count == 2) }
    #expect(try await bench.slots("refused").isEmpty)
    #expect(bench.log.count(of: "did not fire") == 2)
  }
}
