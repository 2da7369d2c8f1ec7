import CelerityCore
import CelerityObservability
import CelerityWorker

/// Counts what a worker tells of attempts, under the names of the table of metrics.
struct TaskMetrics: WorkerTelemetry {
  private let worker: String
  private let received: Family<Counter>
  private let started: Family<Counter>
  private let succeeded: Family<Counter>
  private let failed: Family<Counter>
  private let retried: Family<Counter>
  private let rejected: Family<Counter>
  private let revoked: Family<Counter>
  private let released: Family<Counter>
  private let runtime: [Family<Histogram>]
  private let wait: Family<Histogram>

  /// Makes the metrics of tasks in a registry, for the attempts of one worker.
  init(_ registry: MetricsRegistry, worker: String) {
    self.worker = worker
    received = registry.counter(MetricTable.tasksReceived)
    started = registry.counter(MetricTable.tasksStarted)
    succeeded = registry.counter(MetricTable.tasksSucceeded)
    failed = registry.counter(MetricTable.tasksFailed)
    retried = registry.counter(MetricTable.tasksRetried)
    rejected = registry.counter(MetricTable.tasksRejected)
    revoked = registry.counter(MetricTable.tasksRevoked)
    released = registry.counter(MetricTable.tasksReleased)
    runtime = [MetricTable.taskRuntime, MetricTable.taskRuntimeSeconds].map(registry.histogram)
    wait = registry.histogram(MetricTable.taskWaitSeconds)
  }

  func observe(_ event: WorkerEvent, of delivery: Delivery) {
    let (task, queue) = (delivery.message.task, delivery.message.queue)
    switch event {
    case .received:
      received.with(task, worker, queue).add()
    case .started(let waited):
      started.with(task, worker, queue).add()
      if let waited { wait.with(task, queue).observe(waited.inSeconds) }
    case .ended(let outcome, let ran):
      count(outcome, task, queue)
      observe(ran, task, queue)
    case .leaseLost(let ran):
      observe(ran, task, queue)  // the store counts lost leases, those of dead workers too
    case .settlementRefused:
      break
    }
  }

  private func count(_ outcome: Outcome, _ task: String, _ queue: String) {
    switch outcome {
    case .success, .ignored: succeeded.with(task, worker, queue).add()
    case .failure(let failure): failed.with(task, worker, failure.type, queue).add()
    case .retry: retried.with(task, worker, queue).add()
    case .rejected: rejected.with(task, worker, queue).add()
    case .revoked: revoked.with(task, worker, queue).add()
    case .released: released.with(task, worker, queue).add()
    }
  }

  private func observe(_ ran: Duration?, _ task: String, _ queue: String) {
    guard let ran else { return }
    for family in runtime { family.with(task, worker, queue).observe(ran.inSeconds) }
  }
}
