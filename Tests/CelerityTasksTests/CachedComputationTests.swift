import CelerityCore
import CelerityJSON
import CelerityTesting
import Synchronization
import Testing

@testable import CelerityTasks

@Suite("Answers from a cache, computed once for all who ask together")
struct CachedComputationTests {
  private struct Broken: Error, Equatable {}

  /// A computation that a test lets end, and how often it was begun.
  private final class Work: Sendable {
    private struct State {
      var begun = 0
      var cancelled = 0
      var isOpen = false
      var error: Broken?
      var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())
    private let bell = CountingBell()

    init(isOpen: Bool = false) { state.withLock { $0.isOpen = isOpen } }

    var begun: Int { state.withLock { $0.begun } }
    var cancelled: Int { state.withLock { $0.cancelled } }

    func run() async throws -> Blob {
      let number = state.withLock { state in
        state.begun += 1
        return state.begun
      }
      bell.ring()
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let goesOn = state.withLock { state in
            if state.isOpen || Task.isCancelled { return true }
            state.waiting[number] = continuation
            return false
          }
          if goesOn { continuation.resume() }
        }
      } onCancel: {
        let waiting = state.withLock { state in
          state.cancelled += 1
          return state.waiting.removeValue(forKey: number)
        }
        bell.ring()
        waiting?.resume()
      }
      try Task.checkCancellation()
      if let error = state.withLock({ $0.error }) { throw error }
      return Blob(contentType: "text/plain", bytes: [UInt8(number)])
    }

    /// Lets those that run and all later ones end.
    func open(failing error: Broken? = nil) {
      let waiting = state.withLock { state in
        state.isOpen = true
        state.error = error
        defer { state.waiting = [:] }
        return state.waiting.values
      }
      for continuation in waiting { continuation.resume() }
    }

    func wait(for condition: (Work) -> Bool) async {
      while true {
        let rings = bell.rings
        if condition(self) { return }
        await bell.wait(beyond: rings, until: .seconds(1 << 40), on: SystemTime())
      }
    }
  }

  /// A cache that a test can take away, and that says who has looked.
  private final class Shelf: CacheStore {
    let memory: MemoryStore
    private let state = Mutex<(error: EngineError?, looks: Int, failed: Int)>((nil, 0, 0))
    private let bell = CountingBell()

    init(_ time: TestTime) { memory = MemoryStore(time: time) }

    var looks: Int { state.withLock { $0.looks } }
    /// Calls that failed.
    var failed: Int { state.withLock { $0.failed } }
    func fail(_ code: EngineError.Code?) { state.withLock { $0.error = code.map { EngineError($0, "away") } } }

    private func check() throws(EngineError) {
      let error = state.withLock { state in
        if state.error != nil { state.failed += 1 }
        return state.error
      }
      if let error { throw error }
    }

    func cached(_ key: CacheKey, counting: Bool) async throws(EngineError) -> Blob? {
      try check()
      let blob = try await memory.cached(key, counting: counting)
      state.withLock { $0.looks += 1 }
      bell.ring()
      return blob
    }

    func cache(_ blob: Blob, at key: CacheKey, for lifetime: Duration, bound: Int) async throws(EngineError) {
      try check()
      try await memory.cache(blob, at: key, for: lifetime, bound: bound)
    }

    func uncache(_ key: CacheKey) async throws(EngineError) -> Bool { try await memory.uncache(key) }

    func cacheFigures(of cache: String) async throws(EngineError) -> CacheFigures {
      try check()
      return try await memory.cacheFigures(of: cache)
    }

    func waitForLooks(_ count: Int) async {
      while true {
        let rings = bell.rings
        if looks >= count { return }
        await bell.wait(beyond: rings, until: .seconds(1 << 40), on: SystemTime())
      }
    }
  }

  private let time = TestTime()
  private let shelf: Shelf
  private let answers: CachedComputation
  private let work = Work()

  init() {
    shelf = Shelf(time)
    answers = CachedComputation(shelf, cache: "documents", bound: 1 << 20, time: time)
  }

  private func ask(_ name: String = "a") async throws -> CachedComputation.Answer {
    try await answers.answer(name, for: .seconds(60)) { [work] in try await work.run() }
  }

  private var figures: CacheFigures {
    get async throws { try await shelf.memory.cacheFigures(of: "documents") }
  }

  @Test("What is computed is kept for its lifetime")
  func kept() async throws {
    work.open()
    #expect(try await ask().source == .computed)
    let again = try await ask()
    #expect(again.source == .cache && again.blob.bytes == [1])
    time.advance(by: .seconds(60))
    #expect(try await ask().blob.bytes == [2])
    #expect(try await figures.requests == 3)
  }

  @Test("S1.30: many who ask for the same at once share one computation; each is counted")
  func shared() async throws {
    let found = try await withThrowingTaskGroup(of: CachedComputation.Answer.self) { group in
      for _ in 0..<50 { group.addTask { try await ask() } }
      await shelf.waitForLooks(50)
      await work.wait { $0.begun > 0 }
      work.open()
      var found: [CachedComputation.Answer] = []
      for try await answer in group { found.append(answer) }
      return found
    }
    #expect(work.begun == 1)
    #expect(Set(found.map(\.blob.bytes)) == [[1]])
    #expect(found.count { $0.source == .computed } == 1)
    #expect(found.count { $0.source == .shared } == 49)
    let figures = try await figures
    #expect(figures.misses == 50 && figures.sets == 1)
  }

  @Test("Different names are computed apart")
  func apart() async throws {
    work.open()
    #expect(try await ask("é").blob.bytes == [1])
    #expect(try await ask("e\u{301}").blob.bytes == [2])
    #expect(try await ask("é").blob.bytes == [1])
  }

  @Test("A failure goes to all who wait and is not kept")
  func failure() async throws {
    let errors = await withTaskGroup(of: (any Error)?.self) { group in
      for _ in 0..<10 {
        group.addTask {
          do {
            _ = try await ask()
            return nil
          } catch {
            return error
          }
        }
      }
      await shelf.waitForLooks(10)
      await work.wait { $0.begun > 0 }
      work.open(failing: Broken())
      var errors: [(any Error)?] = []
      for await error in group { errors.append(error) }
      return errors
    }
    #expect(errors.count == 10 && errors.allSatisfy { $0 is Broken })
    #expect(work.begun == 1)
    work.open()
    #expect(try await ask().source == .computed)
    #expect(try await figures.sets == 1)
  }

  @Test("Who is cancelled disturbs nobody else, not even where the computation began for him")
  func cancelledOne() async throws {
    let first = Task { try await ask() }
    await work.wait { $0.begun == 1 }
    let second = Task { try await ask() }
    let third = Task { try await ask() }
    while answers.waiting("a") < 3 { await Task.yield() }
    for cancelled in [first, third] {
      cancelled.cancel()
      await #expect(throws: CancellationError.self) { try await cancelled.value }
    }
    work.open()
    let answer = try await second.value
    #expect(answer.source == .shared && answer.blob.bytes == [1])
    #expect(work.cancelled == 0)
  }

  @Test("When nobody waits any more the computation is cancelled, and the next one begins anew")
  func cancelledAll() async throws {
    let only = Task { try await ask() }
    await work.wait { $0.begun == 1 }
    only.cancel()
    await #expect(throws: CancellationError.self) { try await only.value }
    await work.wait { $0.cancelled == 1 }
    work.open()
    let next = try await ask()
    #expect(next.source == .computed && next.blob.bytes == [2])
  }

  @Test("S1.32: without its store everything works, nothing is counted, and the report says so")
  func storeAway() async throws {
    work.open()
    _ = try await ask()
    _ = try await ask()
    let before = await answers.report()
    #expect(before.figures == CacheFigures(hits: 1, misses: 1, sets: 1, entries: 1, bytes: before.figures.bytes))
    #expect(before.isEnabled && before.isConnected && before.errors == 0)
    shelf.fail(.unavailable)
    for number in 2...4 {
      let answer = try await ask()
      #expect(answer.source == .computed && answer.blob.bytes == [UInt8(number)])
    }
    // It was asked once, and then left alone.
    #expect(shelf.failed == 1)
    let during = await answers.report()
    #expect(during.isEnabled && !during.isConnected && during.errors == 2)
    #expect(during.figures == before.figures)
    shelf.fail(nil)
    #expect(try await ask().source == .computed)
    time.advance(by: .seconds(5))
    #expect(try await ask().source == .cache)
    #expect(await answers.report().isConnected)
  }

  @Test("A full disk costs the entry and nothing else")
  func full() async throws {
    work.open()
    shelf.fail(.storageFull)
    #expect(try await ask().source == .computed)
    // Both the look and the write were tried: a full disk may still be read.
    #expect(shelf.failed == 2)
    shelf.fail(nil)
    #expect(try await ask().source == .computed)
    #expect(try await ask().source == .cache)
  }

  @Test("S1.32: switched off, by the service or the platform, nothing is kept or counted", arguments: [true, false])
  func switchedOff(byPlatform: Bool) async throws {
    work.open()
    let off = CachedComputation(
      byPlatform ? NoCache() : shelf, cache: "documents", bound: 1 << 20, isEnabled: byPlatform, time: time)
    for number in 1...3 {
      let answer = try await off.answer("a", for: .seconds(60)) { [work] in try await work.run() }
      #expect(answer.source == .computed && answer.blob.bytes == [UInt8(number)])
    }
    #expect(await off.report() == CacheReport(isEnabled: false, isConnected: false))
    #expect(try await figures == CacheFigures())
  }

  @Test("S1.02: a report has the keys of the original's, the rate with two decimals")
  func reportJSON() throws {
    let report = CacheReport(
      CacheFigures(hits: 2, misses: 1, sets: 1, evictions: 4, entries: 5, bytes: 6), errors: 7, isEnabled: true,
      isConnected: false)
    #expect(
      report.json.description
        == #"{"hits":2,"misses":1,"hit_rate_percent":66.67,"total_requests":3,"errors":7,"sets":1,"evictions":4,"#
        + #""entries":5,"bytes":6,"enabled":true,"connected":false}"#)
    #expect(CacheFigures().hitRatePercent == 0)
    #expect(CacheFigures(hits: 1).hitRatePercent == 100)
    #expect(CacheFigures(hits: 1, misses: 7).hitRatePercent == 12.5)
  }
}
