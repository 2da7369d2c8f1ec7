public import CelerityCore

extension StoreModel {
  /// `RevocationStore.revoke`.
  public mutating func revoke(_ revocations: [Revocation], for duration: Duration, at moment: Moment) {
    for revocation in revocations {
      self.revocations.set(revocation, revocation, until: moment.storeTime + duration)
    }
  }

  /// `RevocationStore.revoked`.
  public func revoked(among candidates: [Revocation], tenant: Tenant, at moment: Moment) -> Set<Revocation> {
    Set(candidates.filter { $0.tenant == tenant && revocations.value($0, at: moment.storeTime) != nil })
  }

  /// `LeadershipStore.lead`. Who comes back after the end of a term begins a new one.
  public mutating func lead(
    _ name: String, holder: String, for duration: Duration, at moment: Moment
  ) -> Leadership? {
    let term = leaders[ByteText(name)]
    let isHeld = term.map { $0.until > moment.storeTime } ?? false
    if let term, isHeld, term.holder != holder { return nil }
    let fence = (term?.fence ?? 0) + (isHeld ? 0 : 1)
    let leadership = Leadership(name: name, holder: holder, fence: fence, until: moment.storeTime + duration)
    leaders[ByteText(name)] = leadership
    return leadership
  }

  /// `LeadershipStore.resign`.
  public mutating func resign(_ name: String, holder: String) {
    guard leaders[ByteText(name)]?.holder == holder else { return }
    leaders[ByteText(name)]?.until = StoreTime(microseconds: .min)
  }

  /// `WorkerPresence.announce`.
  public mutating func announce(_ worker: WorkerInfo, for duration: Duration, at moment: Moment) {
    presence.set(ByteText(worker.name), worker, until: moment.storeTime + duration)
  }

  /// `WorkerPresence.withdraw`.
  public mutating func withdraw(_ name: String) {
    presence.remove(ByteText(name))
    orders.remove(worker: name)
  }

  /// `WorkerOrders.order`.
  public mutating func order(_ order: WorkerOrder, worker name: String, at moment: Moment) throws(EngineError) -> Bool {
    guard try orders.add(order, to: name, among: workers(at: moment)) else { return false }
    effects.hasOrders = true
    return true
  }

  /// `WorkerOrders.nextOrders` without waiting.
  public mutating func nextOrders(worker: String, incarnation: String, after number: Int64) -> [NumberedOrder] {
    orders.next(worker: worker, incarnation: incarnation, after: number)
  }

  /// `WorkerPresence.workers`.
  public func workers(at moment: Moment) -> [WorkerInfo] {
    presence.values(at: moment.storeTime).sorted { ByteText($0.name) < ByteText($1.name) }
  }
}
