import CelerityWorker
import ServiceLifecycle

/// A worker as one of the parts that a process runs. Told to hand back what runs, it can be done before its turn to stop
/// has come, while the gateway still finishes its requests: it waits for its turn then, for to the group a part that ends
/// before it is told to has failed.
struct WorkerService: Service, CustomStringConvertible {
  let worker: Worker

  func run() async throws {
    try await worker.run()
    // Throws when the group is cancelled, which is an end as good as any.
    try? await gracefulShutdown()
  }

  /// Its name in log lines of the lifecycle.
  var description: String { "the worker" }
}
