import CelerityCore
import CelerityJSON
import CelerityTasks

/// Decides which fetched tasks run: those the worker knows, that nobody has revoked and that no limit holds back. It
/// asks the store once for all of them.
struct Admission: Sendable {
  /// What becomes of a fetched task.
  enum Verdict {
    case run(TaskKind)
    case settle(Outcome)
  }

  let store: any WorkerStore

  /// How long a limit is not asked again that could not say when.
  private static let limitPause = Duration.seconds(1)

  /// The verdicts, in the order of the executions.
  func verdicts(on executions: [Execution]) async -> [Verdict] {
    let revoked = await revoked(among: executions.filter { $0.kind != nil })
    var verdicts: [Verdict] = []
    var limited: [Int] = []
    for (index, execution) in executions.enumerated() {
      guard let kind = execution.kind else {
        verdicts.append(.settle(.rejected(.notRegistered(execution.delivery.message.task))))
        continue
      }
      let isRevoked = !revoked.isEmpty && !revoked.isDisjoint(with: Self.revocations(of: execution.delivery))
      verdicts.append(isRevoked ? .settle(.revoked(reason: .revoked)) : .run(kind))
      if !isRevoked, !execution.options.permits.isEmpty { limited.append(index) }
    }
    if !limited.isEmpty {
      let waits = await missingPermits(limited.map { executions[$0] })
      for (index, wait) in zip(limited, waits) {
        if let wait { verdicts[index] = .settle(.released(after: wait, reason: .limited)) }
      }
    }
    return verdicts
  }

  /// A store that can't answer now does not hold up work: what is revoked meanwhile runs.
  private func revoked(among executions: [Execution]) async -> Set<Revocation> {
    var found: Set<Revocation> = []
    let byTenant = Dictionary(grouping: executions) { $0.delivery.message.tenant }
    for (tenant, executions) in byTenant {
      let candidates = executions.flatMap { Self.revocations(of: $0.delivery) }
      if let some = try? await store.revoked(among: candidates, tenant: tenant) { found.formUnion(some) }
    }
    return found
  }

  private static func revocations(of delivery: Delivery) -> [Revocation] {
    var revocations: [Revocation] = [.task(delivery.key)]
    for (header, value) in delivery.message.extras.stamps ?? [:] {
      // A stamp with several values is revoked by each of them, as Celery does.
      for value in value.elements() ?? [value] {
        revocations.append(
          .stamp(delivery.message.tenant, header: header, value: value.stringValue ?? value.description))
      }
    }
    return revocations
  }

  /// How long each has to wait; `nil` for those that got all their permits.
  private func missingPermits(_ executions: [Execution]) async -> [Duration?] {
    let requests = executions.map { execution in
      PermitRequest(
        PermitHolder(execution.delivery.key, token: execution.token), permits: execution.options.permits)
    }
    guard let answers = try? await store.acquire(requests) else {
      return executions.map { _ in Self.limitPause }  // a limit that can't be asked is not exceeded by guessing
    }
    return answers.map { answer in
      guard case .denied(_, let retryAfter) = answer else { return nil }
      return max(.milliseconds(1), retryAfter ?? Self.limitPause)
    }
  }
}
