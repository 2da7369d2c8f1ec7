import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Testing

@testable import CelerityWorker

/// While one task runs in the only slot, three sleep: the heartbeat, the watchdog and the presence.
private let busy = 3

@Suite("Limits of time", .timeLimit(.minutes(1)))
struct LimitTests {
  let bench = Bench()

  @Test("At the soft limit the code is told; what it does not catch is SoftTimeLimitExceeded")
  func softLimit() async throws {
    let (started, reason) = (Tally(), Noted<StopReason?>(nil))
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        started.add()
        defer { reason.change { $0 = context.stopReason } }
        try await Gate().wait()
        return 0
      }
    ])
    try await bench.submit { $0.extras.softTimeLimit = 5 }
    try await bench.run(worker) {
      await started.reach()
      for _ in 1...5 { await bench.pass(.seconds(1), sleepers: busy) }
      let record = try await bench.ended()
      #expect(record.state == .failure)
      #expect(record.failure == .softTimeLimitExceeded(5))
    }
    #expect(reason.value == .softTimeLimit)
  }

  @Test("Code that catches the soft limit may still return a value")
  func caughtSoftLimit() async throws {
    let started = Tally()
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        started.add()
        do {
          try await Gate().wait()
          return 1
        } catch is CancellationError where context.stopReason == .softTimeLimit {
          return 2
        }
      }
    ])
    try await bench.submit {
      $0.extras.softTimeLimit = 5
      $0.extras.timeLimit = 10
    }
    try await bench.run(worker) {
      await started.reach()
      for _ in 1...5 { await bench.pass(.seconds(1), sleepers: busy) }
      let record = try await bench.ended()
      #expect(record.result == .integer(2))
    }
  }

  @Test("Code that asks whether to stop is stopped by that question")
  func asked() async throws {
    let (started, told) = (Tally(), Wall())
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        started.add()
        told.block()
        try context.checkStop()
        return 1
      }
    ])
    try await bench.submit { $0.extras.softTimeLimit = 1 }
    try await bench.run(worker) {
      await started.reach()
      await bench.pass(.seconds(1), sleepers: busy)
      await bench.time.waitForSleepers(busy)  // the watchdog has spoken
      told.open()
      let record = try await bench.ended()
      #expect(record.failure?.type == "SoftTimeLimitExceeded")
    }
  }

  @Test("At the hard limit the slot is free at once, although the code does not stop; its thread is replaced")
  func hardLimit() async throws {
    let (started, wall) = (Tally(), Wall())
    let worker = try bench.worker([
      Scripted<Plain> { input, _ in
        started.add()
        if input.n == 1 { wall.block() }
        return input.n
      }
    ])
    try await bench.submit("t1", n: 1) { $0.extras.timeLimit = 2 }
    try await bench.run(worker) {
      await started.reach()
      try await bench.submit("t2", n: 2)
      for _ in 1...2 { await bench.pass(.seconds(1), sleepers: busy) }
      let record = try await bench.ended("t1")
      #expect(record.failure == .timeLimitExceeded(2))
      let other = try await bench.ended("t2")
      #expect(other.result == .integer(2))
      #expect(worker.threads.count == 2)
      wall.open()
      while worker.threads.count > 1 { await Task.yield() }
    }
  }

  @Test("The hard limit is tried again when the policy says so")
  func retriedHardLimit() async throws {
    let started = Tally()
    let worker = try bench.worker([
      Scripted<TwoRetries> { _, _ in
        started.add()
        try await Gate().wait()
        return 0
      }
    ])
    try await bench.submit { $0.extras.timeLimit = 2 }
    try await bench.run(worker) {
      await started.reach()
      for _ in 1...2 { await bench.pass(.seconds(1), sleepers: busy) }
      let record = try await bench.record { $0.state == .retry }
      #expect(record.failure?.type == "TimeLimitExceeded")
    }
  }

  @Test("Short tasks with long limits leave no sleepers behind")
  func noTimers() async throws {
    let worker = try bench.worker([Scripted<Plain> { input, _ in input.n }])
    try await bench.run(worker) {
      for n in 1...200 {
        try await bench.submit("t\(n)", n: n) {
          $0.extras.softTimeLimit = Double(3000 - n)
          $0.extras.timeLimit = 3600
        }
        try await bench.ended("t\(n)")
      }
      // A fetch, the heartbeat, the watchdog, the presence.
      #expect(bench.time.sleepers <= 4)
    }
  }
}
