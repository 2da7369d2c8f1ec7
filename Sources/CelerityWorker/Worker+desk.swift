public import CelerityCore
import CelerityTasks
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Worker: WorkerDesk {
  /// Most queues one worker takes tasks from: a command that is repeated with ever new names must not grow without end.
  private static let mostQueues = 1000

  /// Names of the tasks of Celery's own that a worker may own.
  private static let builtIn = [
    BuiltinTask.accumulate, BuiltinTask.backendCleanup, BuiltinTask.chain, BuiltinTask.chord, BuiltinTask.chordUnlock,
    BuiltinTask.chunks, BuiltinTask.group, BuiltinTask.map, BuiltinTask.ping, BuiltinTask.starmap,
  ]

  public func load() -> WorkerLoad {
    WorkerLoad(running: slots.taken, processed: state.withLock { $0.processed })
  }

  public func report() -> WorkerReport {
    let (queues, overrides) = state.withLock { ($0.queues, $0.overrides) }
    let kinds = (registry.names + Self.builtIn).sorted().compactMap { registry.runnable($0) }.map { kind in
      let options = overrides.options(of: kind, worker: configuration.name)
      return WorkerReport.Kind(
        kind.name, queue: options.queue, rate: overrides.rates[kind.name], timeLimit: options.timeLimit,
        softTimeLimit: options.softTimeLimit, maxRetries: options.retry.maxRetries,
        ignoresResult: options.ignoresResult)
    }
    let (now, uptime) = (time.now, time.uptime)
    let held = leases.executions.filter(\.isOpen).map { execution in
      WorkerReport.Held(
        execution.delivery.message, attempt: execution.delivery.attempt,
        started: execution.begun.map { now + ($0 - uptime) })
    }
    return WorkerReport(
      name: configuration.name, hostname: configuration.hostname, pid: Int(getpid()), version: configuration.version,
      startedAt: startedAt, slots: slots.count, queues: queues, load: load(), kinds: kinds, held: held)
  }

  public func add(queue: String) {
    changeQueues { queues in
      if !queues.contains(queue), queues.count < Self.mostQueues { queues.append(queue) }
    }
  }

  public func remove(queue: String) {
    changeQueues { $0.removeAll { $0 == queue } }
  }

  /// The question for tasks that waits is taken back, and asked again for the queues that are wanted now.
  private func changeQueues(_ change: (inout [String]) -> Void) {
    let fetch = state.withLock { state in
      change(&state.queues)
      return state.fetch
    }
    fetch?.cancel()
    bell.ring()
    presence.say()
  }

  public func terminate(_ keys: Set<TaskKey>) -> Set<TaskKey> {
    let doomed = leases.executions.filter { $0.isOpen && keys.contains($0.delivery.key) }
    for execution in doomed { watchdog.stop(execution, .cancelled) }
    return Set(doomed.map(\.delivery.key))
  }

  public func limitRate(ofTask task: String, to rate: TaskRate?) {
    state.withLock { $0.overrides.limitRate(of: task, to: rate) }
  }

  public func limitTime(ofTask task: String, hard: Duration?, soft: Duration?) {
    state.withLock { $0.overrides.limitTime(of: task, hard: hard, soft: soft) }
  }

  public func stop() {
    if let onStop { onStop() } else { drain() }
    presence.say()
  }
}
