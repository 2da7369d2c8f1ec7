import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Testing

@testable import CelerityWorker

@Suite("How many are claimed ahead")
struct ClaimAheadRuleTests {
  @Test("None before the first task, none without a horizon")
  func none() {
    var ahead = ClaimAhead(horizon: .milliseconds(20))
    #expect(ahead.allowed(slots: 2) == 0)
    ahead = ClaimAhead(horizon: .zero)
    ahead.note(ran: .zero)
    #expect(ahead.allowed(slots: 2) == 0)
  }

  @Test("As many as run within the horizon, up to a bound for each slot and in all")
  func byTime() {
    var ahead = ClaimAhead(horizon: .milliseconds(20))
    ahead.note(ran: .milliseconds(4))
    #expect(ahead.allowed(slots: 3) == 15)
    ahead = ClaimAhead(horizon: .milliseconds(20))
    ahead.note(ran: .zero)
    #expect(ahead.allowed(slots: 2) == 2 * ClaimAhead.mostPerSlot)
    #expect(ahead.allowed(slots: 1000) == ClaimAhead.most)
  }

  @Test("One long task ends it, and it takes many short ones to begin again")
  func long() {
    var ahead = ClaimAhead(horizon: .milliseconds(20))
    for _ in 0..<100 { ahead.note(ran: .milliseconds(1)) }
    ahead.note(ran: .seconds(10))
    #expect(ahead.allowed(slots: 8) == 0)
    var count = 0
    while ahead.allowed(slots: 8) == 0, count < 1000 {
      ahead.note(ran: .milliseconds(1))
      count += 1
    }
    #expect((30..<100).contains(count))
  }

  @Test("A delay ends it too")
  func delay() {
    var ahead = ClaimAhead(horizon: .milliseconds(20))
    ahead.note(ran: .zero)
    ahead.noteDelay()
    #expect(ahead.allowed(slots: 8) == 0)
  }
}

/// While one task runs in the only slot and others wait, five sleep: the fetch for more, the heartbeat, the watchdog, the
/// presence and the line.
private let busy = 5

@Suite("Claiming ahead", .timeLimit(.minutes(1)))
struct ClaimAheadTests {
  let bench = Bench()
  let started = Tally()
  let gate = Gate()
  let ran = Noted<[Int]>([])

  /// A worker whose first task, 0, is short, whose task 1 waits for the gate, and whose other tasks are short again.
  private func worker(
    _ name: String = "w1", horizon: Duration, concurrency: Int = 1
  ) throws -> Worker {
    try bench.worker(
      [
        Scripted<Plain> { [started, gate, ran] input, _ in
          ran.change { $0.append(input.n) }
          if input.n == 1 {
            started.add()
            try await gate.wait()
          }
          return input.n
        }
      ], name: name
    ) {
      $0.concurrency = concurrency
      $0.claimAhead = horizon
    }
  }

  /// Submits tasks 1 to 5 at once, and returns when the first runs and the others are claimed.
  private func fill() async throws {
    try await bench.submit("t0", n: 0)
    try await bench.ended("t0")
    let claimed = Tally()
    bench.store.before { call throws(EngineError) in
      if case .revoked(let candidates) = call, candidates.count == 5 { claimed.add() }
    }
    _ = try await bench.memory.submit(
      (1...5).map { n in
        Submission(
          TaskMessage(id: TaskID(stored: "t\(n)"), task: "scripted", kwargs: .object([("n", .integer(Int64(n)))])))
      })
    await claimed.reach()
    await started.reach()
  }

  private func counts() async throws -> [Int] {
    let queue = try await bench.memory.queues(of: nil).first
    return [queue?.ready ?? 0, queue?.leased ?? 0]
  }

  @Test("While tasks are short, one claim is for many; each runs once, and no more at once than there are slots")
  func many() async throws {
    let (running, most, largest) = (Noted(0), Noted(0), Noted(0))
    let worker = try bench.worker([
      Scripted<Plain> { input, _ in
        running.change { $0 += 1 }
        most.change { [now = running.value] in $0 = max($0, now) }
        await Task.yield()
        running.change { $0 -= 1 }
        return input.n
      }
    ]) {
      $0.concurrency = 4
      $0.claimAhead = .milliseconds(20)
    }
    bench.store.before { call throws(EngineError) in
      if case .fetch(let request) = call { largest.change { $0 = max($0, request.limit) } }
    }
    for n in 0..<1000 { try await bench.submit("t\(n)", n: n) }
    try await bench.run(worker) {
      for n in 0..<1000 {
        let record = try await bench.ended("t\(n)")
        #expect(record.attempts == 1)
      }
    }
    #expect(most.value <= 4)
    #expect(largest.value > 50)
    let fetches = bench.store.calls.filter { if case .fetch = $0 { true } else { false } }
    #expect(fetches.count < 200)
  }

  @Test("Tasks that wait behind a long one are handed back, and another worker runs them")
  func handedBack() async throws {
    let worker = try worker(horizon: .milliseconds(20))
    try await bench.run(worker) {
      try await fill()
      let counts = try await counts()
      #expect(counts == [0, 5])
      // The line itself, whatever else sleeps.
      await bench.time.waitForSleepers(dueWithin: .milliseconds(100))
      bench.time.advance(by: .milliseconds(100))
      for n in 2...5 { _ = try await bench.record("t\(n)") { $0.phase == .ready } }
      #expect(ran.value == [0, 1])
      try await bench.run(try self.worker("w2", horizon: .milliseconds(20))) {
        for n in 2...5 {
          let record = try await bench.ended("t\(n)")
          #expect(record.attempts == 1)
          #expect(record.history.map(\.detail).first == "waited")
        }
      }
      gate.open()
      try await bench.ended("t1")
    }
  }

  @Test("Who stops hands back what waits at once")
  func drain() async throws {
    let worker = try worker(horizon: .seconds(1))
    try await bench.run(worker) {
      try await fill()
      worker.drain()
      for n in 2...5 { _ = try await bench.record("t\(n)") { $0.phase == .ready } }
      gate.open()
      try await bench.ended("t1")
    }
    #expect(ran.value == [0, 1])
  }

  @Test("What is cancelled while it waits never runs")
  func cancelled() async throws {
    let worker = try worker(horizon: .seconds(10))
    try await bench.run(worker) {
      try await fill()
      _ = try await bench.memory.cancel([CancelRequest(TaskKey(TaskID(stored: "t2")))])
      await bench.pass(.seconds(1), sleepers: busy)  // the heartbeat tells of it
      await bench.pass(.zero, sleepers: busy)
      gate.open()
      let record = try await bench.ended("t2")
      #expect(record.state == .revoked)
      for n in 3...5 { try await bench.ended("t\(n)") }
    }
    #expect(ran.value == [0, 1, 3, 4, 5])
  }

  @Test("It is over after the grace, even while the slot is busy, and costs no thread")
  func cancelledBehindALongOne() async throws {
    let worker = try worker(horizon: .seconds(10))
    try await bench.run(worker) {
      try await fill()
      _ = try await bench.memory.cancel([CancelRequest(TaskKey(TaskID(stored: "t2")))])
      for _ in 1...4 { await bench.pass(.seconds(1), sleepers: busy) }
      let record = try await bench.ended("t2")
      #expect(record.state == .revoked)
      #expect(worker.running == 1)
      #expect(worker.threads.count == 1)
      gate.open()
      for n in 3...5 { try await bench.ended("t\(n)") }
    }
    #expect(ran.value == [0, 1, 3, 4, 5])
  }
}
