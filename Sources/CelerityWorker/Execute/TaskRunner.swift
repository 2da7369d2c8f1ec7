import CelerityCore
import CelerityJSON
import CelerityTasks
import Logging
import Synchronization

/// One delivery's way from received to settled: resolved → allowed → limited → run → outcome. Each step may end it.
struct TaskRunner: Sendable {
  let registry: TaskRegistry
  let store: any WorkerStore
  let threads: WorkerThreads
  let reports: ReportBuffer
  let keeper: LeaseKeeper
  let time: any TimeSource
  let ids: any IDSource
  let worker: String
  let logger: Logger

  /// Runs a delivery; answers what to settle, `nil` when its lease is lost.
  func run(_ delivery: Delivery) async -> Settlement? {
    guard let kind = registry[delivery.message.task] else {
      return Settlement(delivery, .rejected(.notRegistered(delivery.message.task)))
    }
    if let reason = await revocation(of: delivery) { return Settlement(delivery, .revoked(reason: reason)) }
    if let wait = await missingPermit(delivery, kind) {
      return Settlement(delivery, .released(after: wait, reason: .limited))
    }
    let execution = Execution(delivery, store: store, reports: reports, time: time)
    keeper.add(execution)
    let result = await attempt(kind, execution)
    reports.forget(delivery)
    let rule = OutcomeRule(message: delivery.message, options: kind.options)
    var random = SystemRandomNumberGenerator()
    guard let outcome = rule.outcome(of: result, stop: execution.stopReason, using: &random) else {
      keeper.remove(token: delivery.lease.token)
      return nil
    }
    return Settlement(delivery, outcome, followUps: outcome.isSuccess ? execution.followUps : [])
  }

  private func revocation(of delivery: Delivery) async -> RevocationReason? {
    var wanted: [Revocation] = [.task(delivery.key)]
    for (header, value) in delivery.message.extras.stamps ?? [:] {
      wanted.append(.stamp(delivery.message.tenant, header: header, value: value.stringValue ?? value.description))
    }
    // A store that can't answer now does not hold up work; the revocation is asked for again on the next attempt.
    let found = try? await store.revoked(among: wanted, tenant: delivery.message.tenant)
    return found?.isEmpty == false ? .revoked : nil
  }

  private func missingPermit(_ delivery: Delivery, _ kind: TaskKind) async -> Duration? {
    guard !kind.options.permits.isEmpty else { return nil }
    let holder = PermitHolder(delivery.key, token: delivery.lease.token)
    do {
      let answer = try await store.acquire([PermitRequest(holder, permits: kind.options.permits)])[0]
      guard case .denied(_, let retryAfter) = answer else { return nil }
      return retryAfter ?? .seconds(1)
    } catch {
      return .seconds(1)  // a limit that can't be asked is not exceeded by guessing
    }
  }

  /// Runs the code on the worker's threads until it ends or its hard limit is over; code that does not stop then is
  /// abandoned: it keeps its thread, but neither its slot nor its lease.
  private func attempt(_ kind: TaskKind, _ execution: Execution) async -> Result<RawJSON, any Error> {
    let rule = OutcomeRule(message: execution.delivery.message, options: kind.options)
    let ending = execution.ending
    let context = TaskContext(delivery: execution.delivery, worker: worker, port: execution, ids: ids)
    let work = Task(executorPreference: threads) {
      do {
        ending.resolve(.success(try await kind.run(context)))
      } catch {
        ending.resolve(.failure(error))
      }
    }
    execution.attach(work)
    guard rule.softLimit != nil || rule.hardLimit != nil else { return await ending.value() }
    let watchdog = Task { await watch(execution, rule) }
    defer { watchdog.cancel() }
    return await ending.value()
  }

  private func watch(_ execution: Execution, _ rule: OutcomeRule) async {
    let start = time.uptime
    do {
      if let soft = rule.softLimit, soft < rule.hardLimit ?? .seconds(Int64.max) {
        try await time.sleep(until: start + soft)
        execution.stop(.softTimeLimit)
      }
      if let hard = rule.hardLimit {
        try await time.sleep(until: start + hard)
        execution.stop(.timeLimit)
        abandon(execution)
      }
    } catch {
      // The code ended in time.
    }
  }

  /// Ends the wait for code that does not stop.
  private func abandon(_ execution: Execution) {
    guard execution.abandon() else { return }
    threads.addThread()
    logger.warning(
      "abandoned a task that did not stop at its time limit",
      metadata: ["task": "\(execution.delivery.message.task)", "id": "\(execution.delivery.message.id)"])
  }
}

extension Outcome {
  fileprivate var isSuccess: Bool {
    switch self {
    case .success, .ignored: true
    case .failure, .retry, .revoked, .released, .rejected: false
    }
  }
}
