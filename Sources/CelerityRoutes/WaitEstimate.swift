public import CelerityCore
import CelerityTasks
import Synchronization

/// A queue as a new task finds it.
public struct QueueOutlook: Sendable, Hashable {
  /// Tasks that may start now.
  public var ready: Int
  public var isPaused: Bool
  /// Slots of the workers that take from the queue and go on; 0 when there is none.
  public var slots: Int
  /// Seconds that a task of the queue took lately, on average; `nil` when none has ended, or nobody had to know.
  public var meanSeconds: Double?

  /// A queue.
  public init(ready: Int, isPaused: Bool, slots: Int, meanSeconds: Double?) {
    self.ready = ready
    self.isPaused = isPaused
    self.slots = slots
    self.meanSeconds = meanSeconds
  }

  /// Seconds until a new task would start: rounds of work before it (depth ÷ slots, rounded up) times the time of a task.
  /// 0 when nothing waits, `nil` when nobody can tell because no worker takes from the queue or no task of it has ended.
  public var seconds: Double? {
    guard slots > 0 else { return nil }
    guard ready > 0 else { return 0 }
    return meanSeconds.map { Double((ready + slots - 1) / slots) * $0 }
  }
}

/// How long a new task will wait.
///
/// Each queue is looked at once a second at most, and a failed look is no reason to refuse a submission: an estimate
/// comes after the work.
public final class WaitEstimate: Sendable {
  private struct Sample {
    var taken: Duration
    var outlook: QueueOutlook
  }

  private static let freshness = Duration.seconds(1)
  private static let sampleSize = 20

  private let samples = Mutex<[QueueKey: Sample]>([:])

  /// An estimate that has seen nothing yet.
  public init() {}

  /// Seconds until a task submitted to a queue now would start: 0 when nothing waits there, `nil` when nobody can tell
  /// because no worker takes from the queue or no task of it has ended yet.
  public func seconds(queue: String, tenant: Tenant, _ environment: ServiceEnvironment) async -> Double? {
    await outlook(queue: queue, tenant: tenant, environment)?.seconds
  }

  /// The queue as it was when it was last looked at, within a second; `nil` when it can't be looked at.
  public func outlook(queue: String, tenant: Tenant, _ environment: ServiceEnvironment) async -> QueueOutlook? {
    let key = QueueKey(queue, tenant: tenant)
    let now = environment.time.uptime
    if let known = fresh(key, now) { return known.outlook }
    guard let outlook = try? await measure(key, environment) else { return nil }
    samples.withLock { samples in
      samples = samples.filter { now - $0.value.taken < Self.freshness }
      samples[key] = Sample(taken: now, outlook: outlook)
    }
    return outlook
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

  private func measure(_ key: QueueKey, _ environment: ServiceEnvironment) async throws -> QueueOutlook {
    let slots = try await environment.presence.workers().filter { $0.queues.contains(key.name) && !$0.isDraining }
      .reduce(0) { $0 + $1.concurrency }
    // What is delayed is not before a new task.
    let status = try await environment.tasks.engine.queues(of: key.tenant).first { $0.key == key }
    let ready = status?.ready ?? 0
    let mean = slots > 0 && ready > 0 ? try await meanSeconds(key, environment) : nil
    return QueueOutlook(ready: ready, isPaused: status?.isPaused ?? false, slots: slots, meanSeconds: mean)
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
