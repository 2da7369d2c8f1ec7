public import CelerityCore

/// What a store knows of queues, workers and its own work, asked for when somebody reads.
public struct StoreCollector: MetricsCollector {
  private let store: any Engine & WorkerPresence & StoreStatistics
  private let time: any TimeSource

  /// A collector of a store.
  public init(_ store: any Engine & WorkerPresence & StoreStatistics, time: any TimeSource) {
    self.store = store
    self.time = time
  }

  /// A store that does not answer is left out; everything else is still shown.
  public func collect() async -> [MetricFamily] {
    let queues = (try? await store.queues(of: nil)) ?? []
    let workers = (try? await store.workers()) ?? []
    let counters = try? await store.counters()
    return Self.families(of: queues, at: time.now) + Self.families(of: workers, queues)
      + (counters.map(Self.families) ?? [])
  }

  /// Queues of tenants other than the default one say so.
  static func name(of key: QueueKey) -> String {
    key.tenant == .default ? key.name : "\(key.tenant.name)/\(key.name)"
  }

  private static func families(of queues: [QueueStatus], at now: Timestamp) -> [MetricFamily] {
    func family(_ definition: MetricDefinition, _ value: (QueueStatus) -> Double) -> MetricFamily {
      MetricFamily(definition, numbers: queues.map { ([name(of: $0.key)], value($0)) })
    }
    return [
      family(MetricTable.queueLength) { Double($0.ready) },
      family(MetricTable.queueDelayed) { Double($0.delayed) },
      family(MetricTable.queueLeased) { Double($0.leased) },
      family(MetricTable.queuePaused) { $0.isPaused ? 1 : 0 },
      family(MetricTable.queueOldest) { $0.oldestReady.map { max(0, (now - $0).inSeconds) } ?? 0 },
    ]
  }

  private static func families(of workers: [WorkerInfo], _ queues: [QueueStatus]) -> [MetricFamily] {
    func family(_ definition: MetricDefinition, _ value: (WorkerInfo) -> Double) -> MetricFamily {
      MetricFamily(definition, numbers: workers.map { ([$0.name], value($0)) })
    }
    // A queue without a worker shows 0: that is what an alert looks for.
    var slots = Dictionary(queues.map { (name(of: $0.key), (workers: 0, slots: 0)) }) { first, _ in first }
    for worker in workers {
      for queue in worker.queues {
        slots[queue, default: (0, 0)].workers += 1
        slots[queue, default: (0, 0)].slots += worker.concurrency
      }
    }
    let byQueue = slots.sorted { $0.key < $1.key }
    let consumers = byQueue.map { ([$0.key], Double($0.value.workers)) }
    return [
      family(MetricTable.workerUp) { _ in 1 },
      family(MetricTable.workerActive) { Double($0.running) },
      family(MetricTable.workerConcurrency) { Double($0.concurrency) },
      family(MetricTable.workerDraining) { $0.isDraining ? 1 : 0 },
      family(MetricTable.workerProcessed) { Double($0.processed) },
      MetricFamily(MetricTable.queueWorkers, numbers: consumers),
      MetricFamily(MetricTable.queueConsumers, numbers: consumers),
      MetricFamily(MetricTable.queueProcesses, numbers: byQueue.map { ([$0.key], Double($0.value.slots)) }),
    ]
  }

  private static func families(of counters: StoreCounters) -> [MetricFamily] {
    [
      MetricFamily(
        MetricTable.leasesLost,
        numbers: LeaseLoss.allCases.map { ([$0.rawValue], Double(counters.leasesLost[$0] ?? 0)) }),
      MetricFamily(MetricTable.staleSettlements, Double(counters.staleSettlements)),
      MetricFamily(MetricTable.staleReports, Double(counters.staleReports)),
      MetricFamily(
        MetricTable.duplicates,
        numbers: [DuplicateCause.sameID, .idempotencyKey, .uniqueKey].map {
          ([$0.rawValue], Double(counters.duplicateSubmissions[$0] ?? 0))
        }),
    ]
  }
}
