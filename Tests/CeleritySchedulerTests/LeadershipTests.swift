import CelerityCore
import CelerityRoutes
import CelerityScheduler
import CelerityTesting
import ServiceLifecycleTestKit
import Testing

/// While it leads with entries, four sleep: the maintenance, the periodic duty, the renewal and the end of the term.
private let leading = 4

@Suite("Leadership of schedulers", .timeLimit(.minutes(1)))
struct LeadershipTests {
  let bench = Bench()

  private func start(_ scheduler: Scheduler) -> Task<Void, any Error> {
    Task { try await scheduler.run() }
  }

  /// Whether anything was done that only a leader may do.
  private func didDuties(_ store: ObservedStore) -> Bool {
    store.calls.contains { call in
      switch call {
      case .submit, .submitted, .maintain, .read, .write, .look: true
      case .lead, .resign: false
      }
    }
  }

  @Test("One of two leads; the other does nothing")
  func oneLeads() async throws {
    let (first, second) = (bench.view(), bench.view())
    let leader = start(bench.scheduler(first, [try .tick()]))
    await bench.time.waitForSleepers(leading)
    let standby = start(bench.scheduler(second, [try .tick()]))
    for _ in 0..<60 { await bench.pass(.seconds(5), sleepers: leading + 1) }
    await bench.time.waitForSleepers(leading + 1)
    #expect(didDuties(first))
    #expect(!didDuties(second))
    for task in [leader, standby] { task.cancel() }
    for task in [leader, standby] { try await task.value }
    let slots = try await bench.slots()
    #expect(slots.count == 30)
  }

  @Test("When the leader is gone without a word, the standby leads after the end of its term")
  func takeOver() async throws {
    let (first, second) = (bench.view(), bench.view())
    let leader = start(bench.scheduler(first, [try .tick()]))
    await bench.time.waitForSleepers(leading)
    let standby = start(bench.scheduler(second, [try .tick()]))
    await bench.time.waitForSleepers(leading + 1)
    first.before { _ throws(EngineError) in throw EngineError(.closed, "the process is gone") }
    leader.cancel()
    try await leader.value
    for _ in 0..<2 { await bench.pass(.seconds(5)) }
    await bench.time.waitForSleepers()
    #expect(!didDuties(second))
    await bench.pass(.seconds(5))
    await bench.time.waitForSleepers(leading)
    #expect(didDuties(second))
    standby.cancel()
    try await standby.value
  }

  @Test("A leader that is told to stop steps down, and the standby leads as soon as it asks")
  func resigns() async throws {
    let (first, second) = (bench.view(), bench.view())
    try await testGracefulShutdown { trigger in
      try await withThrowingTaskGroup(of: Void.self) { group in
        let leader = bench.scheduler(first, [try .tick()])
        group.addTask { try await leader.run() }
        await bench.time.waitForSleepers(leading)
        trigger.triggerGracefulShutdown()
        try await group.waitForAll()
      }
    }
    let standby = start(bench.scheduler(second, [try .tick()]))
    await bench.time.waitForSleepers(leading)
    #expect(didDuties(second))
    standby.cancel()
    try await standby.value
    #expect(second.calls.last.map { if case .resign = $0 { true } else { false } } == true)
  }

  @Test("Schedulers of one name are still two")
  func sameName() async throws {
    let (first, second) = (bench.view(), bench.view())
    let leader = start(bench.scheduler(first, [try .tick()], holder: "host:1"))
    await bench.time.waitForSleepers(leading)
    let standby = start(bench.scheduler(second, [try .tick()], holder: "host:1"))
    await bench.time.waitForSleepers(leading + 1)
    #expect(!didDuties(second))
    for task in [leader, standby] { task.cancel() }
    for task in [leader, standby] { try await task.value }
  }

  @Test("A store that is away for less than a term does not end it")
  func shortOutage() async throws {
    let (store, asked) = (bench.view(), Tally())
    let leader = start(bench.scheduler(store, [try .tick()]))
    await bench.time.waitForSleepers(leading)
    store.before { call throws(EngineError) in
      guard case .lead = call else { return }
      asked.add()
      if asked.count <= 4 { throw EngineError(.unavailable, "gone") }
    }
    await bench.pass(.seconds(5), sleepers: leading)
    for count in 1...4 {
      await asked.reach(count)
      await bench.pass(.milliseconds(1500), sleepers: leading)
    }
    await asked.reach(5)
    let before = store.calls.count
    for _ in 0..<4 { await bench.pass(.seconds(5), sleepers: leading) }
    await bench.time.waitForSleepers(leading)
    #expect(store.calls.count > before)
    leader.cancel()
    try await leader.value
    let begun = store.calls.count { if case .look("schedules") = $0 { true } else { false } }
    #expect(begun == 1)  // the duties were never begun again
  }

  @Test("A store that is away for a whole term ends it; nobody leads until it is back")
  func longOutage() async throws {
    let (first, second) = (bench.view(), bench.view())
    let leader = start(bench.scheduler(first, [try .tick("every 1h")]))
    await bench.time.waitForSleepers(leading)
    let standby = start(bench.scheduler(second, [try .tick("every 1h")]))
    await bench.time.waitForSleepers(leading + 1)
    for store in [first, second] {
      store.before { call throws(EngineError) in
        if case .lead = call { throw EngineError(.unavailable, "gone") }
      }
    }
    for _ in 0..<10 { await bench.pass(.milliseconds(1500), sleepers: leading + 1) }
    await bench.time.waitForSleepers(2)
    while bench.time.sleepers > 2 { await Task.yield() }
    let duties = first.calls.count
    for _ in 0..<20 { await bench.pass(.seconds(5), sleepers: 2) }
    await bench.time.waitForSleepers(2)
    let later = first.calls.dropFirst(duties)
    #expect(later.allSatisfy { if case .lead = $0 { true } else { false } })
    #expect(!didDuties(second))
    for task in [leader, standby] { task.cancel() }
    for task in [leader, standby] { try await task.value }
  }

  @Test("A renewal that gets no answer ends the term in time")
  func hangingRenewal() async throws {
    let (store, answer) = (bench.view(), Tally())
    let leader = start(bench.scheduler(store, [try .tick("every 1h")]))
    await bench.time.waitForSleepers(leading)
    store.before { call throws(EngineError) in
      if case .lead = call { await answer.reach() }
    }
    await bench.pass(.seconds(5), sleepers: leading)
    await bench.pass(.seconds(10), sleepers: leading - 1)
    while bench.time.sleepers > 0 { await Task.yield() }
    let duties = store.calls.count
    bench.time.advance(by: .seconds(600))
    #expect(store.calls.count == duties)
    answer.add()
    leader.cancel()
    try await leader.value
  }

  @Test("Who learns that another leads stops at once")
  func deposed() async throws {
    let store = bench.view()
    let leader = start(bench.scheduler(store, [try .tick("every 1h")]))
    await bench.time.waitForSleepers(leading)
    let holder = store.calls.compactMap { if case .lead(let holder) = $0 { holder } else { nil } }[0]
    try await bench.memory.resign("scheduler", holder: holder)
    _ = try await bench.memory.lead("scheduler", holder: "another", for: .seconds(1000))
    await bench.pass(.seconds(5), sleepers: leading)
    await bench.time.waitForSleepers()
    while bench.time.sleepers > 1 { await Task.yield() }
    let duties = store.calls.count
    for _ in 0..<20 { await bench.pass(.seconds(5)) }
    await bench.time.waitForSleepers()
    let later = store.calls.dropFirst(duties)
    #expect(later.count == 20)
    #expect(later.allSatisfy { if case .lead = $0 { true } else { false } })
    leader.cancel()
    try await leader.value
  }
}
