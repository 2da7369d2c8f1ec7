import ArgumentParser
import CelerityCore
import CelerityTasks
import CelerityWorker
import Logging
import SQLiteEngine
import ServiceLifecycle
import Synchronization

/// Empty tasks through store and worker: from the submission to the stored result.
struct Empty: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Tasks a second from submission to stored result.")

  @Option var count = 50_000
  @Option var concurrency = 2
  @Option(help: "Submissions per call.") var batch = 100

  func run() async throws {
    let seconds = try await BenchStore.with { bench in
      let worker = Worker(
        WorkerConfiguration(name: "bench@localhost", queues: ["bench"], concurrency: concurrency),
        registry: try TaskRegistry([EmptyTask()]), store: bench.store, logger: .quiet)
      let working = Task { try await worker.run() }
      let ids = UUIDv7()
      let elapsed = try await Duration.measured {
        let submissions = BenchStore.messages(count, ids: ids)
        for start in stride(from: 0, to: count, by: batch) {
          _ = try await bench.store.submit(Array(submissions[start..<min(count, start + batch)]))
        }
        try await waitUntilDone(bench.store)
      }
      worker.stopNow()
      try await working.value
      return elapsed.inSeconds
    }
    report([("tasks_per_second", Double(count) / seconds), ("count", Double(count)), ("seconds", seconds)])
  }

  private func waitUntilDone(_ store: SQLiteStore) async throws {
    while try await store.queues(of: nil).contains(where: { $0.depth + $0.leased > 0 }) {
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}

extension Logger {
  /// Errors only.
  static var quiet: Logger {
    var logger = Logger(label: "bench")
    logger.logLevel = .error
    return logger
  }
}
