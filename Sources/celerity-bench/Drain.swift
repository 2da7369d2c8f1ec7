import ArgumentParser
import CelerityCore
import CelerityTasks
import CelerityWorker
import Logging
import RESPClient
import RedisEngine

/// A queue on Redis that was filled before, emptied by a worker; then the least that such work asks of Redis, sent by a bare
/// client: what the platform takes of the server's time beside its limit.
struct Drain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tasks a second drained from Redis, and of a bare pipelined client.")

  @Option(help: "The server, redis://HOST:PORT/DATABASE; the database must be empty.") var engine: String
  @Option var count = 50_000
  @Option var concurrency = 2
  @Option(help: "Drain chords of so many members, and count chords instead of tasks.") var chords = 0
  @Option(help: "Submissions per call.") var batch = 100

  func run() async throws {
    let endpoint = try RedisEndpoint(url: engine)
    let store = try await RedisStore.open(RedisStoreConfiguration(endpoint), logger: .quiet)
    let filling = try await Duration.measured { try await fill(store) }
    let draining = try await drain(store)
    await store.close()
    let rate = Double(count) / draining.inSeconds
    if chords > 0 {
      report([("chords_per_second", rate), ("submitted_per_second", Double(count) / filling.inSeconds)])
      return
    }
    let bare = try await BareDrain(endpoint, count: count, lanes: concurrency).run()
    report([
      ("tasks_per_second", rate), ("submitted_per_second", Double(count) / filling.inSeconds),
      ("bare_tasks_per_second", Double(count) / bare.inSeconds), ("share_of_bare", bare / draining),
    ])
  }

  private func fill(_ store: RedisStore) async throws {
    let ids = UUIDv7()
    if chords > 0 {
      let client = TaskClient(engine: store, records: store, waiter: RecordWaiter(store: store), ids: ids)
      let members = chords
      for _ in 0..<count {
        try await client.submit(
          Chord {
            for _ in 0..<members { EmptyTask.call(NoInput()) }
          } body: {
            EmptyTask.call(NoInput())
          })
      }
      return
    }
    for start in stride(from: 0, to: count, by: batch) {
      _ = try await store.submit(BenchStore.messages(min(batch, count - start), ids: ids))
    }
  }

  /// From the start of the worker to the last stored end.
  private func drain(_ store: RedisStore) async throws -> Duration {
    let worker = Worker(
      WorkerConfiguration(name: "bench@localhost", queues: [EmptyTask.options.queue], concurrency: concurrency),
      registry: try TaskRegistry([EmptyTask()]), store: store, logger: .quiet)
    let start = ContinuousClock.now
    let working = Task { try await worker.run() }
    while try await store.queues(of: nil).contains(where: { $0.depth + $0.leased > 0 }) {
      try await Task.sleep(for: .milliseconds(10))
    }
    let elapsed = ContinuousClock.now - start
    worker.stopNow()
    try await working.value
    return elapsed
  }
}
