import CelerityCore
import CelerityJSON
import CelerityTasks
import Logging
import Synchronization

extension Worker {
  /// Starts what waits as far as slots are free.
  func startWaiting() {
    // Looked at again after a place was given back: who came meanwhile found none.
    while !line.isEmpty, slots.take() {
      if let place = line.take(), start(place.execution, place.kind) { continue }
      threads.adjust(by: slots.release())
    }
  }

  /// Runs the code on the worker's threads, in a slot that was taken for it; `false` when the attempt was over before.
  private func start(_ execution: Execution, _ kind: TaskKind) -> Bool {
    let rule = execution.rule
    if execution.stopReason != nil {
      endStopped(execution)
      return false
    }
    guard execution.begin(rule) else { return false }
    telemetry.observe(.started(waited: execution.delivery.waited(at: time.now)), of: execution.delivery)
    if rule.hasLimits { watchdog.watch(execution.nextDeadline) }
    let context = TaskContext(
      delivery: execution.delivery, worker: configuration.name, port: execution, ids: ids, resources: resources,
      registry: registry, time: time)
    let work = Task(executorPreference: threads) {
      let result: Result<RawJSON, any Error>
      do {
        result = .success(try await kind.run(context))
      } catch {
        result = .failure(error)
      }
      self.finish(execution, rule, result)
    }
    execution.attach(work)
    return true
  }

  private func finish(_ execution: Execution, _ rule: OutcomeRule, _ result: Result<RawJSON, any Error>) {
    var random = SystemRandomNumberGenerator()
    let isFirst = end(execution) { rule.outcome(of: result, stop: $0, using: &random) }
    if !isFirst { threads.takeBack() }
  }

  /// Ends the wait for code that does not stop: it keeps its thread, but neither its slot nor its lease.
  func abandon(_ execution: Execution) {
    // What has not begun holds no thread.
    guard endStopped(execution), execution.begun != nil else { return }
    threads.lend()
    logger.warning("abandoned a task that did not stop", metadata: execution.delivery.logMetadata)
  }

  /// Ends an attempt that was told to stop, as if its code had obeyed at once; `false` when it had ended.
  @discardableResult
  private func endStopped(_ execution: Execution) -> Bool {
    var random = SystemRandomNumberGenerator()
    return end(execution) {
      execution.rule.outcome(of: .failure(CancellationError()), stop: $0, using: &random)
    }
  }

  /// By how much older its success must count to be forgotten when its kind of task says.
  private func age(of execution: Execution) -> Duration {
    execution.rule.options.successRetention.map { max(.zero, configuration.successRetention - $0) } ?? .zero
  }

  /// Ends an attempt once: hands its outcome to the settler, then gives its slot to the next; `false` when it had ended.
  @discardableResult
  func end(_ execution: Execution, outcome: (StopReason?) -> Outcome?) -> Bool {
    guard let ending = execution.end() else { return false }
    reports.forget(token: execution.token)
    if let outcome = outcome(ending.stop) {
      log(execution, outcome, ran: ending.ran)
      telemetry.observe(.ended(outcome, ran: ending.ran), of: execution.delivery)
      settler.settle(
        execution, outcome, followUps: outcome.isSuccess ? ending.followUps : [], sent: ending.sent,
        replacement: outcome.isReplacement ? ending.replacement : nil,
        aged: age(of: execution))
    } else {
      leases.remove(execution)
      telemetry.observe(.leaseLost(ran: ending.ran), of: execution.delivery)
      logger.warning(
        "lost the lease of a task; its result is not committed", metadata: execution.delivery.logMetadata)
    }
    let isDraining = state.withLock { state in
      state.processed += 1
      return state.isDraining
    }
    if let ran = ending.ran {
      line.note(ran: ran)
      threads.adjust(by: slots.release())
      startWaiting()
    }
    if isDraining || line.room(slots: slots.count, free: slots.free) > 0 { bell.ring() }
    presence.note()
    return true
  }

  /// The drain: first the grace, then a word to each execution; the watchdog hands back those that do not listen.
  func finishRunning() async {
    let graceEnd = time.uptime + configuration.grace
    while slots.taken > 0, time.uptime < graceEnd, !state.withLock({ $0.mustStopNow }) {
      await bell.wait(until: graceEnd, on: time)
    }
    guard slots.taken > 0 else { return }
    logger.notice("handing back running tasks", metadata: ["count": "\(slots.taken)"])
    for execution in leases.executions { watchdog.stop(execution, .shutdown) }
    while slots.taken > 0 { await bell.wait() }
  }
}

// MARK: Logs

extension Worker {
  /// One line for each attempt that ended; who wants none of those that succeeded has the level `notice`.
  private func log(_ execution: Execution, _ outcome: Outcome, ran: Duration?) {
    if outcome.isSuccess, logger.logLevel > .info { return }
    let level: Logger.Level
    let text: Logger.Message
    let detail: Logger.Metadata
    switch outcome {
    case .success, .ignored: (level, text, detail) = (.info, "task succeeded", [:])
    case .failure(let failure), .rejected(let failure):
      (level, text, detail) = (.warning, "task failed", ["error": "\(failure.type): \(failure.message)"])
    case .retry(let delay, let failure):
      level = .info
      text = "task will be retried"
      detail = ["in_seconds": "\(delay.inSeconds)", "error": "\(failure.type): \(failure.message)"]
    case .revoked(let reason): (level, text, detail) = (.info, "task revoked", ["reason": "\(reason)"])
    case .released(_, let reason): (level, text, detail) = (.info, "task handed back", ["reason": "\(reason)"])
    }
    var metadata = execution.delivery.logMetadata.merging(detail) { $1 }
    if let ran { metadata["ms"] = .stringConvertible((ran.inSeconds * 1_000_000).rounded() / 1000) }
    logger.log(level: level, text, metadata: metadata)
  }
}

extension Outcome {
  fileprivate var isReplacement: Bool { self == .released(after: .zero, reason: .replaced) }

  fileprivate var isSuccess: Bool {
    switch self {
    case .success, .ignored: true
    case .failure, .retry, .revoked, .released, .rejected: false
    }
  }
}
