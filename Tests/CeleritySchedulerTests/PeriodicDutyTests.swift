import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import CelerityTesting
import Logging
import Testing

@testable import CelerityScheduler

@Suite("Firing schedules", .timeLimit(.minutes(1)))
struct PeriodicDutyTests {
  let bench = Bench()

  /// Fires entries for a time, in steps.
  private func fire(
    _ entries: [ScheduleEntry], for steps: Int, of step: Duration = .seconds(10), on store: ObservedStore? = nil
  ) async throws {
    let duty = bench.duty(store ?? bench.view(), entries)
    await bench.run({ await duty.run() }) {
      for _ in 0..<steps { await bench.pass(step) }
      await bench.time.waitForSleepers()
    }
  }

  @Test("Every slot fires once, at its time, with what the entry says")
  func everySlot() async throws {
    let start = bench.now
    var entry = ScheduleEntry(
      "tick", .interval(seconds: 10), task: "demo.tick", args: .array([.integer(1)]),
      kwargs: .object([("a", .true)]), queue: "slow", priority: .high)
    entry.name = "tick"
    try await fire([entry], for: 24, of: .seconds(5))
    let slots = try await bench.slots()
    #expect(slots == (1...12).map { start + Int64($0) * 10 })
    let key = TaskKey(TaskID(stored: "schedule:tick:\(start + 10)"))
    let record = try #require(try await bench.memory.records([key])[0].record)
    #expect(record.created.wholeSeconds == start + 10)
    #expect(record.message.task == "demo.tick")
    #expect(record.message.args == entry.args)
    #expect(record.message.kwargs == entry.kwargs)
    #expect(record.message.queue == "slow")
    #expect(record.message.priority == .high)
  }

  @Test("Between slots the definitions are read every five seconds, and that is all", arguments: [true, false])
  func quiet(hasEntry: Bool) async throws {
    let store = bench.view()
    let duty = bench.duty(store, hasEntry ? [try .tick("every 1h")] : [])
    await bench.run({ await duty.run() }) {
      await bench.time.waitForSleepers()
      let begun = store.calls.count
      for _ in 0..<100 { await bench.pass(.seconds(1)) }
      await bench.time.waitForSleepers()
      let later = store.calls.dropFirst(begun)
      #expect(later.count == 20)
      #expect(later.allSatisfy { if case .look("schedule_entries") = $0 { true } else { false } })
    }
  }

  @Test("Two who fire at once fire each slot once")
  func twoAtOnce() async throws {
    let start = bench.now
    let (first, second) = (bench.duty(bench.view(), [try .tick()]), bench.duty(bench.view(), [try .tick()]))
    await bench.run({ await first.run() }) {
      await bench.run({ await second.run() }) {
        for _ in 0..<50 { await bench.pass(.seconds(10), sleepers: 2) }
        await bench.time.waitForSleepers(2)
      }
    }
    let slots = try await bench.slots()
    #expect(slots == (1...50).map { start + Int64($0) * 10 })
    let queues = try await bench.memory.queues(of: nil)
    #expect(queues.map(\.ready) == [50])
  }

  @Test("A leader that dies at any step leaves no slot unfired and none fired twice", arguments: 1...24)
  func killed(at step: Int) async throws {
    let start = bench.now
    let (dying, died) = (bench.view(), Tally())
    dying.before { _ throws(EngineError) in
      guard dying.calls.count >= step else { return }
      died.add()
      throw EngineError(.closed, "the process is gone")
    }
    let duty = bench.duty(dying, [try .tick()])
    await bench.run({ await duty.run() }) {
      await bench.time.waitForSleepers()
      while died.count == 0 {
        bench.time.advance(by: .seconds(10))
        await bench.time.waitForSleepers()
      }
    }
    try await fire([try .tick()], for: 5)
    let slots = try await bench.slots()
    #expect(slots == stride(from: start + 10, through: bench.now, by: 10).map { $0 })
    let counters = try await bench.memory.counters()
    #expect(counters.duplicateSubmissions[.sameID, default: 0] <= 1)
  }

  @Test("After an hour without a scheduler the latest missed slot fires once, then the next in time")
  func misfire() async throws {
    let start = bench.now
    try await fire([try .tick()], for: 2)
    bench.time.advance(by: .seconds(3605))
    try await fire([try .tick()], for: 1, of: .seconds(5))
    let slots = try await bench.slots()
    #expect(slots == [10, 20, 3620, 3630].map { start + $0 })
  }

  @Test("A clock that goes back an hour fires no slot twice, and goes on when it has caught up")
  func backwards() async throws {
    let start = bench.now
    let duty = bench.duty(bench.view(), [try .tick()])
    try await bench.run({ await duty.run() }) {
      for _ in 0..<2 { await bench.pass(.seconds(10)) }
      await bench.time.waitForSleepers()
      bench.time.jump(by: .seconds(-3600))
      for _ in 0..<120 { await bench.pass(.seconds(30)) }
      await bench.time.waitForSleepers()
      let slots = try await bench.slots()
      #expect(slots == [10, 20].map { start + $0 })
      await bench.pass(.seconds(10))
      await bench.time.waitForSleepers()
    }
    let slots = try await bench.slots()
    #expect(slots == [10, 20, 30].map { start + $0 })
  }

  @Test("A clock that comes back from years ahead does not silence a schedule for years")
  func farBackwards() async throws {
    let start = bench.now
    try await fire([try .tick()], for: 1)
    bench.time.jump(by: .seconds(400_000_000))
    try await fire([try .tick()], for: 1)
    bench.time.jump(by: .seconds(-400_000_000))
    try await fire([try .tick()], for: 3)
    let slots = try await bench.slots()
    #expect(slots == [10, 20, 30, 40, 50, 400_000_010, 400_000_020].map { start + $0 })
  }

  @Test("A clock that goes forward is noticed within five seconds and fires once")
  func forwards() async throws {
    let start = bench.now
    let duty = bench.duty(bench.view(), [try .tick("every 1d")])
    try await bench.run({ await duty.run() }) {
      await bench.time.waitForSleepers()
      bench.time.jump(by: .seconds(5 * 86_400))
      await bench.pass(.seconds(4))
      await bench.time.waitForSleepers()
      let early = try await bench.slots()
      #expect(early.isEmpty)
      await bench.pass(.seconds(1))
      await bench.time.waitForSleepers()
      let slots = try await bench.slots()
      #expect(slots == [start + 5 * 86_400])
    }
  }

  @Test("A changed schedule begins anew: slots from before it was seen do not fire")
  func changed() async throws {
    let start = bench.now
    try await fire([try .tick("every 10s")], for: 1)
    bench.time.advance(by: .seconds(100))
    try await fire([try .tick("every 7s")], for: 2, of: .seconds(7))
    let slots = try await bench.slots()
    #expect(slots == [10, 117, 124].map { start + $0 })
  }

  @Test("A slot that comes up while another is being fired is not left out")
  func slowRound() async throws {
    let start = bench.now
    let store = bench.view()
    store.before { [time = bench.time] call throws(EngineError) in
      // Firing the first entry takes until the second one's slot has come.
      if case .submit(let submission) = call, submission.message.id.text.hasSuffix(":\(start + 10)") {
        time.advance(by: .milliseconds(1500))
      }
    }
    let entries = [try ScheduleEntry.tick("every 11s", name: "eleven"), try ScheduleEntry.tick("every 10s")]
    try await fire(entries, for: 1, on: store)
    await bench.run({ await bench.duty(store, entries).run() }) { await bench.time.waitForSleepers() }
    let slots = try await bench.slots("eleven")
    #expect(slots == [start + 11])
  }

  @Test("What is wrong with one entry does not stop the others")
  func badEntries() async throws {
    let start = bench.now
    let bad = [
      try ScheduleEntry.tick(name: ""), try .tick(name: String(repeating: "x", count: 250)), try .tick(name: "a\0b"),
      try .tick(name: "a b"),
      ScheduleEntry("no-task", .interval(seconds: 10), task: ""),
      ScheduleEntry("bad-queue", .interval(seconds: 10), task: "demo.tick", queue: "a/b"),
      ScheduleEntry("bad-args", .interval(seconds: 10), task: "demo.tick", args: .emptyObject),
      ScheduleEntry("bad-kwargs", .interval(seconds: 10), task: "demo.tick", kwargs: .null),
      ScheduleEntry("never", .interval(seconds: 0), task: "demo.tick"),
    ]
    let unknown = ScheduleEntry("unknown", .interval(seconds: 10), task: "nobody.knows")
    try await fire(bad + [try .tick(), try .tick("every 5s"), unknown], for: 2)
    #expect(try await bench.slots() == [start + 10, start + 20])
    #expect(try await bench.slots("unknown") == [start + 10, start + 20])
    let page = try await bench.memory.list(RecordQuery(limit: 100))
    #expect(page.records.count == 4)
    #expect(bench.log.count(of: "is not published") == bad.count + 1)
  }

  @Test(
    "A slot that the store refuses for good is given up, the next fires",
    arguments: [EngineError.Code.invalid, .conflict])
  func refused(_ code: EngineError.Code) async throws {
    let start = bench.now
    let store = bench.view()
    store.before { call throws(EngineError) in
      guard case .submit(let submission) = call, submission.message.id.text.hasSuffix(":\(start + 10)") else { return }
      throw EngineError(code, "no")
    }
    try await fire([try .tick()], for: 3, on: store)
    #expect(try await bench.slots() == [start + 20, start + 30])
  }

  @Test("A slot whose id other work has taken does not hold up its entry")
  func takenID() async throws {
    let start = bench.now
    let other = TaskMessage(id: TaskID(stored: "schedule:tick:\(start + 10)"), task: "other")
    _ = try await bench.memory.submit([Submission(other)])
    try await fire([try .tick()], for: 2)
    #expect(try await bench.slots() == [start + 10, start + 20])
  }

  @Test("While the store is away a slot waits, with growing pauses, and fires when it is back")
  func unavailable() async throws {
    let start = bench.now
    let (store, asked) = (bench.view(), Tally())
    store.before { call throws(EngineError) in
      guard case .submit = call else { return }
      asked.add()
      if asked.count <= 5 { throw EngineError(.unavailable, "gone") }
    }
    let duty = bench.duty(store, [try .tick("every 1h")])
    await bench.run({ await duty.run() }) {
      for _ in 0..<120 { await bench.pass(.seconds(30)) }
      for (count, pause) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10)] {
        await asked.reach(count)
        await bench.pass(.seconds(pause))
      }
      await asked.reach(6)
      await bench.time.waitForSleepers()
    }
    #expect(try await bench.slots() == [start + 3600])
  }

  @Test("A memory that can't be read is begun anew")
  func unreadable() async throws {
    let start = bench.now
    let key = DocumentKey("schedules", "tick")
    _ = try await bench.memory.write([DocumentWrite(key, .string("what?"))])
    try await fire([try .tick()], for: 2)
    #expect(try await bench.slots() == [start + 10, start + 20])
  }

  @Test("Firings belong to the tenant of the configuration")
  func tenant() async throws {
    let duty = bench.duty(bench.view(), [try .tick()], tenant: Tenant(stored: "acme"))
    await bench.run({ await duty.run() }) {
      await bench.pass(.seconds(10))
      await bench.time.waitForSleepers()
    }
    let page = try await bench.memory.list(RecordQuery(tenant: Tenant(stored: "acme")))
    #expect(page.records.count == 1)
  }
}
