public import CelerityCore

extension StoreModel {
  /// `Engine.maintain` without waiting.
  public mutating func maintain(_ request: MaintenanceRequest, at moment: Moment) -> MaintenanceReport {
    var report = MaintenanceReport()
    promote(request.limit, &report, at: moment)
    expire(request.limit, &report, at: moment)
    reclaim(request.limit, &report, at: moment)
    for (state, kept) in Self.retentions(request.retention) {
      purge(state, kept, request, &report, at: moment)
    }
    tombstones.sweep(at: moment.storeTime)
    idempotency.sweep(at: moment.storeTime)
    revocations.sweep(at: moment.storeTime)
    presence.sweep(at: moment.storeTime)
    if report.purged > 0 { forgetGroups() }
    report.nextDue = nextDue(request.retention, at: moment)
    return report
  }

  /// What opening a store does after its process died: every lease is taken back, and who was there is gone.
  public mutating func restart(at moment: Moment) {
    while let place = leased.first { lose(place.slot, .processDied, at: moment) }
    presence.removeAll()
    orders.removeAll()
    permits.releaseAll()
    for name in leaders.keys { leaders[name]?.until = StoreTime(microseconds: .min) }
  }

  private mutating func promote(_ limit: Int, _ report: inout MaintenanceReport, at moment: Moment) {
    while report.promoted < limit, let place = delayed.first, place.order <= moment.now.microseconds {
      let rank = nextRank(rows[place.slot].record.message.priority, at: moment)
      // A delayed task can always become ready.
      try? apply(.becameReady(rank: rank), to: place.slot, at: moment)
      report.promoted += 1
    }
    if report.promoted == limit { report.hasMore = true }
  }

  private mutating func expire(_ limit: Int, _ report: inout MaintenanceReport, at moment: Moment) {
    while report.expired < limit, let place = expiring.first, place.order <= moment.now.microseconds {
      // Only waiting tasks stand in this set.
      try? apply(.expired, to: place.slot, at: moment)
      report.expired += 1
    }
    if report.expired == limit { report.hasMore = true }
  }

  private mutating func reclaim(_ limit: Int, _ report: inout MaintenanceReport, at moment: Moment) {
    while report.reclaimed < limit, let place = leased.first, place.order <= moment.storeTime.microseconds {
      lose(place.slot, .leaseExpired, at: moment)
      report.reclaimed += 1
      if rows[place.slot].record.state == .failure { report.poisoned += 1 }
    }
    if report.reclaimed == limit { report.hasMore = true }
  }

  private mutating func lose(_ slot: Int, _ cause: LeaseLoss, at moment: Moment) {
    // Only leased tasks stand in that set.
    try? apply(.leaseLost(cause), to: slot, at: moment)
    counters.leasesLost[cause, default: 0] += 1
  }

  private mutating func purge(
    _ state: TaskState, _ kept: Duration, _ request: MaintenanceRequest, _ report: inout MaintenanceReport,
    at moment: Moment
  ) {
    var purged = 0
    while purged < request.limit, let place = ended[state]?.first,
      StoreTime(microseconds: place.order) + kept <= moment.storeTime
    {
      let leavesGap = rows[place.slot].record.leavesGap(whenForgottenAt: moment.now, keptFor: kept)
      forget(place.slot, tombstone: request.retention.tombstone, leavingGap: leavesGap, at: moment)
      purged += 1
    }
    report.purged += purged
    if purged == request.limit { report.hasMore = true }
  }

  private static func retentions(_ retention: Retention) -> [(TaskState, Duration)] {
    [(.success, retention.success), (.failure, retention.failure), (.revoked, retention.failure)]
  }

  /// How long until the earliest of all duties.
  private func nextDue(_ retention: Retention, at moment: Moment) -> Duration? {
    var waits: [Duration] = []
    if let place = delayed.first { waits.append(Timestamp(microseconds: place.order) - moment.now) }
    if let place = expiring.first { waits.append(Timestamp(microseconds: place.order) - moment.now) }
    if let place = leased.first { waits.append(StoreTime(microseconds: place.order) - moment.storeTime) }
    for (state, kept) in Self.retentions(retention) {
      guard let place = ended[state]?.first else { continue }
      waits.append(StoreTime(microseconds: place.order) + kept - moment.storeTime)
    }
    return waits.min().map { max(.zero, $0) }
  }
}
