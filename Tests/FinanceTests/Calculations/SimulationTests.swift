import Foundation
import Synchronization
import Testing

@testable import Finance

@Suite struct SimulationTests {
  private struct Broken: Error, Equatable { let chunk: Int }

  static let runners: [any ChunkRunner] = [
    SerialChunkRunner(), ThreadedChunkRunner(threads: 1), ThreadedChunkRunner(threads: 2),
    ThreadedChunkRunner(threads: 7),
  ]

  @Test("Results come back in the order of the chunks", arguments: 0..<4)
  func order(runner: Int) throws {
    for chunks in [0, 1, 2, 100] {
      #expect(try Self.runners[runner].run(chunks: chunks) { $0 * $0 } == (0..<chunks).map { $0 * $0 })
    }
  }

  @Test("Each chunk runs exactly once", arguments: 0..<4)
  func once(runner: Int) throws {
    let calls = CallCounter()
    _ = try Self.runners[runner].run(chunks: 57) { _ in _ = calls.add() }
    #expect(calls.count == 57)
  }

  @Test("The error of the first chunk that fails is thrown", arguments: 0..<4)
  func firstError(runner: Int) {
    #expect(throws: Broken(chunk: 0)) {
      try Self.runners[runner].run(chunks: 20) { chunk -> Int in throw Broken(chunk: chunk) }
    }
  }

  @Test func `the first chunk's error wins although a later one failed before`() {
    for _ in 0..<50 {
      let later = DispatchSemaphore(value: 0)
      #expect(throws: Broken(chunk: 0)) {
        try ThreadedChunkRunner(threads: 2).run(chunks: 2) { chunk -> Int in
          if chunk == 0 { later.wait() } else { later.signal() }
          throw Broken(chunk: chunk)
        }
      }
    }
  }

  @Test("A failed chunk keeps later ones from starting")
  func failureStops() {
    let calls = CallCounter()
    #expect(throws: Broken(chunk: 3)) {
      try ThreadedChunkRunner(threads: 1).run(chunks: 1_000) { chunk in
        calls.add()
        if chunk == 3 { throw Broken(chunk: 3) }
      }
    }
    #expect(calls.count == 4)
  }

  @Test func `a number of threads below one is one`() {
    #expect(ThreadedChunkRunner(threads: -3).threads == 1)
  }

  @Test("Trials are the same however many threads run them", arguments: 1..<4)
  func sameStreams(runner: Int) throws {
    func numbers(_ runner: any ChunkRunner) throws -> [UInt64] {
      var all: [UInt64] = []
      let environment = SimulationEnvironment(seed: 0, runner: runner)
      try ChunkedSimulation(trials: 600_000, seed: 42, environment: environment).run(
        body: { trials, random in [UInt64(trials), random.next(), random.next()] }, absorb: { all += $0 })
      return all
    }
    let serial = try numbers(SerialChunkRunner())
    #expect(serial.count == 3 * 74)
    #expect(Set(serial).count > 2 * 74)
    #expect(serial.indices.filter { $0 % 3 == 0 }.reduce(0) { $0 + serial[$1] } == 600_000)
    #expect(try numbers(Self.runners[runner]) == serial)
  }

  @Test("Progress never goes back and ends at the total", arguments: 0..<4)
  func progress(runner: Int) throws {
    let seen = Recorder()
    let environment = SimulationEnvironment(
      seed: 0, runner: Self.runners[runner], progress: { done, total in seen.add(done, total) })
    try ChunkedSimulation(trials: 50_000, seed: 1, environment: environment).run(body: { _, _ in }, absorb: { _ in })
    #expect(seen.done.count == 7)
    #expect(zip(seen.done, seen.done.dropFirst()).allSatisfy(<))
    #expect(seen.done.last == 50_000)
    #expect(seen.totals == [50_000])
  }

  @Test("A simulation asked to stop ends before its next chunk", arguments: 0..<4)
  func stop(runner: Int) {
    let polls = CallCounter()
    let chunks = CallCounter()
    let environment = SimulationEnvironment(
      seed: 0, runner: Self.runners[runner],
      shouldStop: {
        polls.add()
        return polls.count > 3
      })
    #expect(throws: CancellationError.self) {
      try ChunkedSimulation(trials: 5_000_000, seed: 1, environment: environment).run(
        body: { _, _ in _ = chunks.add() }, absorb: { _ in })
    }
    #expect(chunks.count <= 3)
  }

  /// Each of more calculations than there are cores waits for all others: on the cooperative pool they never would meet.
  @Test(.timeLimit(.minutes(1)))
  func `calculations that block leave the cooperative pool free`() async throws {
    let count = 4 * ProcessInfo.processInfo.activeProcessorCount + 4
    let started = CallCounter()
    let everyone = DispatchSemaphore(value: 0)
    let values = try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<count {
        group.addTask {
          try await onDedicatedThread { _ in
            if started.add() == count { for _ in 0..<count { everyone.signal() } }
            everyone.wait()
            return index
          }
        }
      }
      return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(values == Set(0..<count))
  }

  @Test func `work on a dedicated thread throws its error`() async {
    await #expect(throws: Broken(chunk: 9)) {
      try await onDedicatedThread { _ -> Int in throw Broken(chunk: 9) }
    }
  }

  @Test func `cancelling the task stops its calculation`() async {
    let task = Task {
      try await onDedicatedThread { isCancelled in
        try ChunkedSimulation(
          trials: 400_000_000, seed: 1, environment: SimulationEnvironment(seed: 0, shouldStop: isCancelled)
        ).run(body: { _, _ in }, absorb: { _ in })
      }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `a seed that had to be drawn is exact in JSON`() {
    let environment = SimulationEnvironment(seed: .max)
    #expect(environment.seed(for: nil) == (1 << 53) - 1)
    #expect(environment.seed(for: .max) == .max)
  }
}

/// Counts calls from any thread.
private final class CallCounter: Sendable {
  private let calls = Mutex(0)
  var count: Int { calls.withLock { $0 } }

  @discardableResult
  func add() -> Int {
    calls.withLock {
      $0 += 1
      return $0
    }
  }
}

/// Remembers what progress was told.
private final class Recorder: Sendable {
  private let calls = Mutex<[(done: Int, total: Int)]>([])
  var done: [Int] { calls.withLock { $0.map(\.done) } }
  var totals: Set<Int> { calls.withLock { Set($0.map(\.total)) } }
  func add(_ done: Int, _ total: Int) { calls.withLock { $0.append((done, total)) } }
}
