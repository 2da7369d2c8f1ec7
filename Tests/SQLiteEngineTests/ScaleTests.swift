import CelerityCore
import CelerityJSON
import CelerityTesting
import Testing

@testable import SQLiteEngine

@Suite("Much at once")
struct ScaleTests {
  @Test("A large queue is purged in steps, and what comes meanwhile stays")
  func purge() async throws {
    let time = TestTime()
    let stand = Stand()
    let store = try await stand.make(time)
    _ = try await store.submit((0..<2500).map { Submission("\($0)") })
    let delayed = (0..<1200).map { number in
      Submission(TaskMessage(id: TaskID(stored: "d\(number)"), task: "work", eta: time.now + .seconds(60)))
    }
    _ = try await store.submit(delayed)
    var hints = store.hints().makeAsyncIterator()
    let commands: [ControlCommand] = [.pause(QueueKey("x")), .purge(QueueKey("default")), .resume(QueueKey("x"))]
    let purge = Task { try await store.control(commands) }
    // The first step is done; more of them follow.
    #expect(await hints.next()?.changes.count == 1000)
    try await store.accept("late")
    #expect(try await purge.value == [.done(affected: 0), .done(affected: 3700), .done(affected: 0)])
    let queues = try await store.queues(of: nil)
    #expect(queues.map(\.ready) == [1] && queues.map(\.delayed) == [0])
    #expect(try await store.take().message.id.text == "late")
    await stand.close()
  }

  @Test("A large queue is moved in steps, what comes meanwhile stays, and all of it is there after a restart")
  func move() async throws {
    let time = TestTime()
    let stand = Stand()
    let store = try await stand.make(time)
    _ = try await store.submit((0..<2500).map { Submission("\($0)", args: Submission.payload(200)) })
    var hints = store.hints().makeAsyncIterator()
    let move = Task { try await store.control([.move(QueueKey("default"), to: "elsewhere, with a longer name")]) }
    #expect(await hints.next()?.changes.count == 1000)
    try await store.accept("late")
    #expect(try await move.value == [.done(affected: 2500)])
    #expect(try await store.queues(of: nil).map(\.ready) == [1, 2500])
    let reopened = try await stand.restart(time)
    #expect(try await reopened.queues(of: nil).map(\.ready) == [1, 2500])
    let request = FetchRequest(queues: ["elsewhere, with a longer name"], limit: 5000, worker: "w")
    #expect(try await reopened.fetch(request).map(\.message.id.text) == (0..<2500).map(String.init))
    #expect(try await reopened.take().message.id.text == "late")
    await stand.close()
  }

  @Test("A command that nobody waits for any more goes no further")
  func cancelled() async throws {
    let stand = Stand()
    let store = try await stand.make(TestTime())
    _ = try await store.submit((0..<2500).map { Submission("\($0)") })
    var hints = store.hints().makeAsyncIterator()
    let purge = Task { try await store.control([.purge(QueueKey("default"))]) }
    #expect(await hints.next()?.changes.count == 1000)
    purge.cancel()
    // The last step may have been under way already.
    if case .failure(let error) = await purge.result { #expect((error as? EngineError)?.code == .unavailable) }
    let never = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await store.control([.move(QueueKey("default"), to: "x")])
    }
    await #expect(throws: EngineError.self) { try await never.value }
    #expect(try await store.queues(of: nil).allSatisfy { $0.key.name == "default" })
    await stand.close()
  }

  @Test("One fetch may take thousands, in their order")
  func largeFetch() async throws {
    let stand = Stand()
    let store = try await stand.make(TestTime())
    _ = try await store.submit((0..<2500).map { Submission("\($0)") })
    let taken = try await store.fetch(.up(to: 5000))
    #expect(taken.map(\.message.id.text) == (0..<2500).map(String.init))
    let answers = try await store.settle(taken.map { Settlement($0, .success(.null)) })
    #expect(answers.count == 2500)
    #expect(try await store.list(RecordQuery(states: [.success], limit: 5000)).records.count == 2500)
    await stand.close()
  }

  @Test("A relaxed commit that needs more numbers than are reserved is made durable")
  func numbersRunOut() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime()) { $0.reservedNumbers = 40 }
    _ = try await store.submit((0..<100).map { Submission("\($0)") })
    let few = try await store.fetch(.up(to: 5))
    let many = try await store.fetch(.up(to: 90))
    #expect(many.count == 90)
    let tokens = (few + many).map(\.lease.token)
    #expect(Set(tokens).count == 95 && tokens == tokens.sorted())
    let survivor = try await stand.open(disk, try disk.image(.dropUnsynced), TestTime())
    // Opening took the leases back: they had been on the disk.
    #expect(try await survivor.counters().leasesLost == [.processDied: 95])
    #expect(try #require(try await survivor.fetch(.up(to: 1)).first).lease.token > tokens[94])
    await stand.close()
  }
}
