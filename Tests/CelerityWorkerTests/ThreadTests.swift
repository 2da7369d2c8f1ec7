import CelerityCore
import CelerityTasks
import CelerityTesting
import Synchronization
import Testing

@testable import CelerityWorker

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Threads for the code of tasks", .timeLimit(.minutes(1)))
struct ThreadTests {
  private static let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  @Test("Code that computes never holds up Swift's own pool, with more such tasks than cores")
  func spinning() async throws {
    let bench = Bench()
    let (started, stop) = (Tally(), Flag())
    let count = Self.cores + 2
    let task = Scripted<Plain> { _, _ in
      started.add()
      while !stop.isSet {}
      return 0
    }
    let worker = try bench.worker([task]) { $0.concurrency = count }
    for n in 0..<count { try await bench.submit("t\(n)") }
    try await bench.run(worker) {
      await started.reach(count)
      let progress = await withTaskGroup(of: Int.self) { group in
        for _ in 0..<200 {
          group.addTask {
            for _ in 0..<10 { await Task.yield() }
            return 1
          }
        }
        return await group.reduce(0, +)
      }
      #expect(progress == 200)
      #expect(worker.running == count)
      stop.set()
      for n in 0..<count { try await bench.ended("t\(n)") }
    }
  }

  @Test("There are no threads before there is work, never more than slots, and none after the end")
  func count() async throws {
    let bench = Bench()
    let (started, gate) = (Tally(), Wall())
    let task = Scripted<Plain> { _, _ in
      started.add()
      gate.block()
      return 0
    }
    let worker = try bench.worker([task]) { $0.concurrency = 3 }
    #expect(worker.threads.count == 0)
    for n in 0..<9 { try await bench.submit("t\(n)") }
    try await bench.run(worker) {
      await started.reach(3)
      #expect(worker.threads.count == 3)
      gate.open()
      for n in 0..<9 { try await bench.ended("t\(n)") }
      #expect(worker.threads.count <= 3)
    }
    while worker.threads.count > 0 { await Task.yield() }
  }

  @Test("Child tasks and what follows a suspension run on the worker's threads too")
  func inherited() async throws {
    let bench = Bench()
    let names = Noted<Set<Int>>([])
    let task = Scripted<Plain> { _, _ in
      let first = niceness()
      await Task.yield()
      async let second = niceness()
      let third = await withTaskGroup(of: Int.self) { group in
        group.addTask { niceness() }
        return await group.reduce(0, +)
      }
      let all = [first, await second, third, niceness()]
      names.change { $0.formUnion(all) }
      return 0
    }
    let worker = try bench.worker([task])
    try await bench.submit()
    try await bench.run(worker) { try await bench.ended() }
    let own = niceness()
    #expect(names.value == [min(own + 5, 19)] || names.value == [5])
  }

  @Test("Code that was abandoned gets a thread when it goes on after the worker's end")
  func resumedLater() async throws {
    let bench = Bench()
    let (started, gate, ended) = (Tally(), Tally(), Tally())
    let task = Scripted<Plain> { _, _ in
      started.add()
      await gate.reach()
      ended.add()
      return 0
    }
    let worker = try bench.worker([task])
    try await bench.submit { $0.extras.timeLimit = 1 }
    try await bench.run(worker) {
      await started.reach()
      await bench.pass(.seconds(1), sleepers: 3)
      try await bench.ended()
    }
    gate.add()
    await ended.reach()
    while worker.threads.count > 0 { await Task.yield() }
  }

  @Test("Every job of an executor runs once, however many come from wherever")
  func jobs() async throws {
    let threads = WorkerThreads(count: 4)
    let sum = await withTaskGroup(of: Int.self) { group in
      for n in 0..<5000 {
        group.addTask(executorPreference: threads) {
          await Task.yield()
          return n
        }
      }
      return await group.reduce(0, +)
    }
    #expect(sum == 5000 * 4999 / 2)
    #expect((1...4).contains(threads.count))
    threads.stop()
    while threads.count > 0 { await Task.yield() }
  }
}

private final class Flag: Sendable {
  private let value = Atomic(false)

  var isSet: Bool { value.load(ordering: .relaxed) }

  func set() { value.store(true, ordering: .relaxed) }
}

/// The scheduling priority of the calling thread.
private func niceness() -> Int { Int(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)) }
