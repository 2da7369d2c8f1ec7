import ArgumentParser
import CelerityCore
import CelerityTasks
import CelerityWorker
import SQLiteEngine
import Synchronization

/// How long after its commit the first line of an idle worker's task runs.
struct Pickup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Milliseconds from the commit of a submission to the first line of its code.")

  @Option var count = 500

  func run() async throws {
    let started = Moments()
    let waits = try await BenchStore.with { bench in
      let worker = Worker(
        WorkerConfiguration(name: "bench@localhost", queues: ["bench"]),
        registry: try TaskRegistry([StampTask(moments: started)]), store: bench.store, logger: .quiet)
      let working = Task { try await worker.run() }
      let ids = UUIDv7()
      var waits: [Double] = []
      for _ in 0..<count {
        try await Task.sleep(for: .milliseconds(5))  // idle again
        let submission = BenchStore.messages(1, ids: ids, task: StampTask.name)[0]
        _ = try await bench.store.submit([submission])
        let committed = ContinuousClock.now
        let start = await started.of(submission.message.id)
        waits.append(max(0, (start - committed).inSeconds * 1000))
      }
      worker.stopNow()
      try await working.value
      return waits.sorted()
    }
    report([
      ("p50_milliseconds", waits.percentile(0.5)), ("p99_milliseconds", waits.percentile(0.99)),
      ("maximum_milliseconds", waits.last ?? 0),
    ])
  }
}

/// Says when it started.
private struct StampTask: TaskDefinition {
  static let name = "bench.stamp"
  static let options = TaskOptions(queue: "bench")
  let moments: Moments

  func run(_ input: NoInput, _ context: TaskContext) async throws -> Bool {
    moments.set(context.id, ContinuousClock.now)
    return true
  }
}

/// When tasks started, for one who asks for each once.
private final class Moments: Sendable {
  private enum Entry {
    case known(ContinuousClock.Instant)
    case asked(CheckedContinuation<ContinuousClock.Instant, Never>)
  }

  private let entries = Mutex<[TaskID: Entry]>([:])

  func set(_ id: TaskID, _ moment: ContinuousClock.Instant) {
    let asker = entries.withLock { entries -> CheckedContinuation<ContinuousClock.Instant, Never>? in
      if case .asked(let asker)? = entries.removeValue(forKey: id) { return asker }
      entries[id] = .known(moment)
      return nil
    }
    asker?.resume(returning: moment)
  }

  func of(_ id: TaskID) async -> ContinuousClock.Instant {
    await withCheckedContinuation { continuation in
      let known = entries.withLock { entries -> ContinuousClock.Instant? in
        if case .known(let moment)? = entries.removeValue(forKey: id) { return moment }
        entries[id] = .asked(continuation)
        return nil
      }
      if let known { continuation.resume(returning: known) }
    }
  }
}
