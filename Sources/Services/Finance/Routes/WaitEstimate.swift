import CelerityCore
import CelerityRoutes
import CelerityTasks
import Synchronization

/// How long a new task will wait: rounds of work before it (depth ÷ slots, rounded up) times the measured time of a task.
///
/// Each queue is looked at once a second at most, and a failed look is no reason to refuse a submission: an estimate
/// comes after the work.
final class WaitEstimate: Sendable {
  private struct Sample {
    var taken: Duration
    var seconds: Double?
  }

  private static let freshness = Duration.seconds(1)
  private static let sampleSize = 20

  private let samples = Mutex<[QueueKey: Sample]>([:])

  /// Seconds until a task submitted to a queue now would start: 0 when nothing waits there, `nil` when nobody can tell
  /// because no worker takes from the queue or no task of it has ended yet.
  func seconds(queue: String, tenant: Tenant, _ environment: ServiceEnvironment) async -> Double? {
    let key = QueueKey(queue, tenant: tenant)
    let now = environment.time.uptime
    if let known = fresh(key, now) { return known.seconds }
    guard let sample = try? await measure(key, environment, now) else { return nil }
    samples.withLock { samples in
      samples = samples.filter { now - $0.value.taken < Self.freshness }
      samples[key] = sample
    }
    return sample.seconds
  }

  /// What is known of a queue; `nil` for the one caller that is to look anew. The others go on with what was known.
  private func fresh(_ key: QueueKey, _ now: Duration) -> Sample? {
    samples.withLock { samples in
      guard let known = samples[key] else { return nil }
      guard now - known.taken >= Self.freshness else { return known }
      samples[key]?.taken = now
      return nil
    }
  }

  private func measure(
    _ key: QueueKey, _ environment: ServiceEnvironment, _ now: Duration
  ) async throws -> Sample {
    let slots = try await environment.presence.workers().filter { $0.queues.contains(key.name) && !$0.isDraining }
      .reduce(0) { $0 + $1.concurrency }
    guard slots > 0 else { return Sample(taken: now, seconds: nil) }
    // What is delayed is not before a new task.
    let depth = try await environment.tasks.engine.queues(of: key.tenant).first { $0.key == key }?.ready ?? 0
    guard depth > 0 else { return Sample(taken: now, seconds: 0) }
    let rounds = (depth + slots - 1) / slots
    return Sample(taken: now, seconds: try await meanSeconds(key, environment).map { Double(rounds) * $0 })
  }

  /// The mean time of the queue's newest finished tasks.
  private func meanSeconds(_ key: QueueKey, _ environment: ServiceEnvironment) async throws -> Double? {
    let recent = try await environment.tasks.records.list(
      RecordQuery(tenant: key.tenant, states: [.success], queue: key.name, limit: Self.sampleSize))
    let times = recent.records.compactMap { record -> Double? in
      guard let started = record.started, let finished = record.finished else { return nil }
      return max(0, (finished - started).inSeconds)
    }
    return times.isEmpty ? nil : times.reduce(0, +) / Double(times.count)
  }
}
