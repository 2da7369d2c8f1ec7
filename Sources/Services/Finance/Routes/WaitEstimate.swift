import CelerityCore
import CelerityRoutes
import CelerityTasks
import Synchronization

/// How long a new task will wait: rounds of work before it (depth ÷ slots, rounded up) times the measured time of a task.
/// Looked up at most once a second; an estimate is no reason to slow a submission down.
final class WaitEstimate: Sendable {
  private struct Sample {
    var taken: Duration
    var depth: Int
    var slots: Int
    var meanSeconds: Double
  }

  private static let freshness = Duration.seconds(1)
  private static let sampleSize = 20

  private let sample = Mutex<Sample?>(nil)

  /// Seconds until a task submitted to a queue now would start; 0 when a slot is free.
  func seconds(queue: String, tenant: Tenant, _ environment: ServiceEnvironment) async throws -> Double {
    let now = environment.time.uptime
    var current = sample.withLock { $0 }
    if current.map({ now - $0.taken >= Self.freshness }) ?? true {
      current = try await measure(queue, tenant, environment, now)
      sample.withLock { $0 = current }
    }
    guard let current, current.slots > 0 else { return 0 }
    let rounds = (current.depth + current.slots - 1) / current.slots
    return Double(rounds) * current.meanSeconds
  }

  private func measure(
    _ queue: String, _ tenant: Tenant, _ environment: ServiceEnvironment, _ now: Duration
  ) async throws -> Sample {
    let status = try await environment.tasks.engine.queues(of: tenant).first { $0.key.name == queue }
    let slots = try await environment.presence.workers().filter { $0.queues.contains(queue) && !$0.isDraining }
      .reduce(0) { $0 + $1.concurrency }
    let recent = try await environment.tasks.records.list(
      RecordQuery(tenant: tenant, states: [.success], queue: queue, limit: Self.sampleSize))
    let times = recent.records.compactMap { record -> Double? in
      guard let started = record.started, let finished = record.finished else { return nil }
      return max(0, (finished - started).inSeconds)
    }
    let mean = times.isEmpty ? 0 : times.reduce(0, +) / Double(times.count)
    return Sample(taken: now, depth: status?.depth ?? 0, slots: slots, meanSeconds: mean)
  }
}
