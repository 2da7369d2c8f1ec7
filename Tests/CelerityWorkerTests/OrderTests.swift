import CelerityCore
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Testing

@Suite("Orders to a worker", .timeLimit(.minutes(1)))
struct OrderTests {
  let bench = Bench()
  /// Rung with every announcement; `announced` is what was said.
  let said = Tally()

  init() {
    bench.store.before { [said] call throws(EngineError) in if case .announce = call { said.add() } }
  }

  private var announced: [WorkerInfo] {
    bench.store.calls.compactMap { if case .announce(let info) = $0 { info } else { nil } }
  }

  /// Code that waits for a gate of its own.
  private func gated(_ gates: [Gate], _ started: Tally) -> Scripted<Plain> {
    Scripted<Plain> { input, _ in
      started.add()
      try await gates[input.n].wait()
      return input.n
    }
  }

  /// Gives an order and waits until the worker has said that it obeys.
  private func order(_ order: WorkerOrder, _ isObeyed: (WorkerInfo) -> Bool) async throws {
    #expect(try await bench.store.order(order, worker: "w1"))
    while true {
      if let info = try await bench.memory.workers().first, isObeyed(info) { return }
      await said.reach(said.count + 1)
    }
  }

  @Test("A quiet worker finishes what runs, fetches nothing more, stays alive and fetches again when resumed")
  func quiet() async throws {
    let (gates, started) = ([Gate(), Gate()], Tally())
    let worker = try bench.worker([gated(gates, started)]) { $0.concurrency = 2 }
    try await bench.submit("t1", n: 0)
    try await bench.run(worker) {
      await started.reach()
      try await order(.quiet) { $0.isDraining && $0.running == 1 }
      try await bench.submit("t2", n: 1)
      gates[0].open()
      try await bench.ended("t1")
      await bench.pass(.seconds(20), sleepers: 1)
      #expect(try await bench.record("t2")?.state == .pending)
      try await order(.resume) { !$0.isDraining }
      await started.reach(2)
      gates[1].open()
      try await bench.ended("t2")
    }
    #expect(started.count == 2)
  }

  @Test("A worker that waits for work stops waiting when it is told to be quiet")
  func quietWhileIdle() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }])
    try await bench.run(worker) {
      await bench.time.waitForSleepers(2)
      try await order(.quiet) { $0.isDraining }
      while bench.time.sleepers > 1 { await Task.yield() }  // the fetch has ended
      try await bench.submit()
      await bench.pass(.seconds(60), sleepers: 1)
      await bench.time.waitForSleepers()
      #expect(try await bench.record()?.state == .pending)
    }
    #expect(try await bench.record()?.state == .pending)
  }

  @Test("A quiet worker can be drained, and a draining one is not resumed")
  func quietAndDrain() async throws {
    let (gate, started) = (Gate(), Tally())
    let worker = try bench.worker([gated([gate], started)])
    try await bench.submit("t1", n: 0)
    try await bench.run(worker) {
      await started.reach()
      try await order(.quiet) { $0.isDraining }
      worker.drain()
      try await bench.submit("t2", n: 0)
      #expect(try await bench.store.order(.resume, worker: "w1"))
      gate.open()
    }
    #expect(try await bench.record("t1")?.state == .success)
    #expect(try await bench.record("t2")?.state == .pending)
  }

  @Test("More slots are there at once, and others are told so")
  func grow() async throws {
    let (gates, started) = ([Gate()], Tally())
    let worker = try bench.worker([gated(gates, started)])
    for n in 1...3 { try await bench.submit("t\(n)", n: 0) }
    try await bench.run(worker) {
      await started.reach(1)
      try await order(.scale(3)) { $0.concurrency == 3 }
      await started.reach(3)
      #expect(worker.running == 3)
      gates[0].open()
      for n in 1...3 { try await bench.ended("t\(n)") }
    }
  }

  @Test("Slots that are too many go as their tasks end")
  func shrink() async throws {
    let gates = (0..<5).map { _ in Gate() }
    let started = Tally()
    let worker = try bench.worker([gated(gates, started)]) { $0.concurrency = 3 }
    for n in 0..<3 { try await bench.submit("t\(n)", n: n) }
    try await bench.run(worker) {
      await started.reach(3)
      try await order(.scale(1)) { $0.concurrency == 1 && $0.running == 3 }
      for n in 3..<5 { try await bench.submit("t\(n)", n: n) }
      for n in 0..<2 {
        gates[n].open()
        try await bench.ended("t\(n)")
      }
      for _ in 0..<100 { await Task.yield() }
      #expect(started.count == 3)
      gates[2].open()
      await started.reach(4)
      for _ in 0..<100 { await Task.yield() }
      #expect(worker.running == 1)
      gates[3].open()
      await started.reach(5)
      #expect(worker.running == 1)
      gates[4].open()
      try await bench.ended("t4")
    }
  }

  @Test("Tasks that ran before the worker shrank keep their threads until they end")
  func threads() async throws {
    let (wall, gate, started) = (Wall(), Gate(), Tally())
    let worker = try bench.worker([
      Scripted<Plain> { input, _ in
        started.add()
        if input.n == 0 {
          wall.block()
        } else {
          try await gate.wait()
          for _ in 0..<10 { await Task.yield() }
        }
        return 0
      }
    ]) { $0.concurrency = 3 }
    for n in 0..<3 { try await bench.submit("t\(n)", n: n) }
    try await bench.run(worker) {
      await started.reach(3)
      try await order(.scale(1)) { $0.concurrency == 1 }
      gate.open()
      for n in 1..<3 { try await bench.ended("t\(n)") }  // although the first holds a thread
      wall.open()
      try await bench.ended("t0")
    }
  }

  @Test("A worker that waits for more tasks than it may run now asks anew")
  func shrinkWhileIdle() async throws {
    let (gate, started) = (Gate(), Tally())
    let worker = try bench.worker([gated([gate], started)]) { $0.concurrency = 4 }
    try await bench.run(worker) {
      await bench.time.waitForSleepers(2)
      try await order(.scale(2)) { $0.concurrency == 2 }
      while true {
        let limits = bench.store.calls.compactMap { if case .fetch(let request) = $0 { request.limit } else { nil } }
        if limits.last == 2 { break }
        await Task.yield()
      }
      let messages = (1...4).map { TaskMessage(id: TaskID(stored: "t\($0)"), task: "scripted") }
      _ = try await bench.memory.submit(messages.map { Submission($0) })
      await started.reach(2)
      for _ in 0..<100 { await Task.yield() }
      #expect(started.count == 2)
      gate.open()
      for n in 1...4 { try await bench.ended("t\(n)") }
    }
  }

  @Test("Numbers of slots that make no sense become ones that do", arguments: [(Int.max, 1024), (0, 1), (Int.min, 1)])
  func clamped(asked: Int, count: Int) async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }])
    try await bench.run(worker) {
      await said.reach()
      worker.scale(to: asked)
      await said.reach(2)
      #expect(announced.last?.concurrency == count)
      try await bench.submit()
      try await bench.ended()
    }
  }

  @Test("An order to stop drains a worker that stands alone")
  func stopAlone() async throws {
    let (gate, started) = (Gate(), Tally())
    let worker = try bench.worker([gated([gate], started)])
    try await bench.submit("t1", n: 0)
    let running = Task { try await worker.run() }
    await started.reach()
    try await order(.stop) { $0.isDraining }
    try await bench.submit("t2", n: 0)
    gate.open()
    try await running.value
    #expect(try await bench.record("t1")?.state == .success)
    #expect(try await bench.record("t2")?.state == .pending)
    #expect(try await bench.memory.workers().isEmpty)
  }

  @Test("An order to stop is passed on to the process, which decides how")
  func stopProcess() async throws {
    let stops = Tally()
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }], stops: stops)
    try await bench.run(worker) {
      await said.reach()
      #expect(try await bench.store.order(.stop, worker: "w1"))
      await stops.reach()
      try await bench.submit()
      try await bench.ended()
      #expect(stops.count == 1)
    }
  }

  @Test("Orders are obeyed once each and in their order, and the store hears which")
  func numbered() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }])
    try await bench.run(worker) {
      await said.reach()
      for count in 2...9 { try await order(.scale(count)) { $0.concurrency == count } }
    }
    let after = bench.store.calls.compactMap { if case .nextOrders(_, let number) = $0 { number } else { nil } }
    #expect(after.last == 8)
    #expect(after == Array(Set(after)).sorted())
    #expect(bench.log.count(of: "obeying an order order=scale to 5") == 1)
  }

  @Test("While nobody answers a worker's questions for orders, it works, and asks with growing pauses")
  func unavailable() async throws {
    let asked = Tally()
    bench.store.before { call throws(EngineError) in
      guard case .nextOrders = call else { return }
      asked.add()
      throw EngineError(.unavailable, "gone")
    }
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }])
    try await bench.run(worker) {
      for (count, pause) in [(1, 100), (2, 200), (3, 400)] {
        await asked.reach(count)
        await bench.pass(.milliseconds(pause), sleepers: 3)
      }
      await asked.reach(4)
      try await bench.submit()
      try await bench.ended()
    }
    #expect(asked.count == 4)
  }

  @Test("An idle worker says that it is there, asks for work once a minute, and that is all")
  func idle() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }])
    try await bench.run(worker) {
      await bench.time.waitForSleepers(2)
      let before = bench.store.calls.count
      for _ in 0..<600 { await bench.pass(.seconds(1), sleepers: 2) }
      await bench.time.waitForSleepers(2)
      let later = bench.store.calls.dropFirst(before)
      #expect(later.count { if case .announce = $0 { true } else { false } } == 60)
      #expect(later.count { if case .fetch = $0 { true } else { false } } == 10)
      #expect(later.count == 70)
    }
  }
}
