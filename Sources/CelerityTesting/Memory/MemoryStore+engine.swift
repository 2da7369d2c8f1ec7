public import CelerityCore

extension MemoryStore: Engine {
  public func submit(_ submissions: [Submission]) async throws(EngineError) -> [SubmitResult] {
    commit { $0.submit(submissions, at: $1) }
  }

  public func fetch(_ request: FetchRequest) async throws(EngineError) -> [Delivery] {
    let deadline = time.uptime + request.wait
    while true {
      // Who has given up waiting must not be given work.
      if Task.isCancelled { return [] }
      let rings = fetchBell.rings
      let deliveries = commit { $0.fetch(request, at: $1) }
      let isOver = request.limit < 1 || time.uptime >= deadline || Task.isCancelled
      if !deliveries.isEmpty || isOver { return deliveries }
      await fetchBell.wait(beyond: rings, until: deadline, on: time)
    }
  }

  public func extend(_ extensions: [LeaseExtension]) async throws(EngineError) -> [LeaseStatus] {
    commit { $0.extend(extensions, at: $1) }
  }

  public func settle(_ settlements: [Settlement]) async throws(EngineError) -> [SettleResult] {
    commit { $0.settle(settlements, at: $1) }
  }

  public func cancel(_ requests: [CancelRequest]) async throws(EngineError) -> [CancelResult] {
    commit { $0.cancel(requests, at: $1) }
  }

  public func queues(of tenant: Tenant?) async throws(EngineError) -> [QueueStatus] {
    read { model, _ in model.queues(of: tenant) }
  }

  public func control(_ commands: [ControlCommand]) async throws(EngineError) -> [ControlResult] {
    for command in commands { try command.check() }
    return commit { $0.control(commands, at: $1) }
  }

  public func maintain(_ request: MaintenanceRequest) async throws(EngineError) -> MaintenanceReport {
    let deadline = time.uptime + request.wait
    while true {
      let rings = dutyBell.rings
      let report = commit { $0.maintain(request, at: $1) }
      var idle = MaintenanceReport()
      idle.nextDue = report.nextDue
      if report != idle || time.uptime >= deadline || Task.isCancelled { return report }
      let next = report.nextDue.map { min(deadline, time.uptime + $0) } ?? deadline
      await dutyBell.wait(beyond: rings, until: next, on: time)
    }
  }
}

extension MemoryStore: StoreStatistics {
  public func counters() async throws(EngineError) -> StoreCounters {
    read { model, _ in model.counters }
  }
}
