import CelerityCore
import CelerityTasks
import CelerityTesting
import Synchronization
import Testing

@testable import CelerityApp

@Suite("What makes tasks ready", .timeLimit(.minutes(2)))
struct WarmUpTests {
  /// Notes that it was made ready.
  private struct Near: TaskDefinition {
    static let name = "demo.near"
    static let options = TaskOptions(queue: "near")
    let note: @Sendable () -> Void

    func warmUp(_ resources: ServiceResources) async { note() }
    func run(_ input: NoInput, _ context: TaskContext) async throws -> Int { 0 }
  }

  private let time = TestTime()
  private let count = Counter()

  private final class Counter: Sendable {
    private let state = Mutex(0)
    var value: Int { state.withLock { $0 } }
    func add() { state.withLock { $0 += 1 } }
  }

  private func warmUp(queues: [String]) -> WarmUp {
    var resources = ServiceResources.none
    resources.time = time
    return WarmUp([Near { [count] in count.add() }], queues: queues, resources: resources)
  }

  @Test("A task is made ready once, a while after the start")
  func ready() async throws {
    let warmUp = warmUp(queues: ["far", "near"])
    let run = Task { await warmUp.warm() }
    await time.waitForSleepers()
    #expect(count.value == 0)
    time.advance(by: WarmUp.delay)
    await run.value
    #expect(count.value == 1)
  }

  @Test("A task whose queue is not taken is not made ready")
  func elsewhere() {
    #expect(warmUp(queues: ["far"]).tasks.isEmpty)
  }

  @Test("Whoever ends before pays for nothing")
  func ended() async {
    let warmUp = warmUp(queues: ["near"])
    let run = Task { await warmUp.warm() }
    await time.waitForSleepers()
    run.cancel()
    await run.value
    #expect(count.value == 0)
  }
}
