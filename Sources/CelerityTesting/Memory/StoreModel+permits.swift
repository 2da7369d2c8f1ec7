public import CelerityCore

/// Who holds which permits, and how much of each rate is used.
struct PermitTable: Sendable {
  /// The scope a permit counts in, by holder and name.
  private var scopes: [String: [PermitHolder: String?]] = [:]
  private var names: [PermitHolder: Set<String>] = [:]
  private var rates: [String: RateWindow] = [:]

  init() {}

  /// Why a holder can't have a permit, if so.
  func denial(of permit: Permit, to holder: PermitHolder, at time: StoreTime) -> PermitAnswer? {
    let holders = scopes[permit.name] ?? [:]
    switch permit.limit {
    case .concurrency(let limit):
      return holders[holder] != nil || holders.count < limit ? nil : .denied(by: permit.name, retryAfter: nil)
    case .rate(let limit, let length):
      let delay = (rates[permit.name] ?? RateWindow()).delay(at: time, limit: limit, per: length)
      return delay == .zero ? nil : .denied(by: permit.name, retryAfter: delay)
    case .fairShare(let share, let scope):
      if holders[holder] != nil { return nil }
      let all = scopes.values.reduce(0) { $0 + $1.values.count { $0 == scope } }
      let isAllowed = Permit.shareAllows(share, own: holders.values.count { $0 == scope }, all: all)
      return isAllowed ? nil : .denied(by: permit.name, retryAfter: nil)
    }
  }

  mutating func take(_ permit: Permit, for holder: PermitHolder, at time: StoreTime) {
    switch permit.limit {
    case .rate(_, let length): rates[permit.name, default: RateWindow()].use(at: time, per: length)
    case .concurrency: hold(permit.name, holder, scope: nil)
    case .fairShare(_, let scope): hold(permit.name, holder, scope: scope)
    }
  }

  private mutating func hold(_ name: String, _ holder: PermitHolder, scope: String?) {
    scopes[name, default: [:]].updateValue(scope, forKey: holder)
    names[holder, default: []].insert(name)
  }

  mutating func release(_ holder: PermitHolder) {
    for name in names.removeValue(forKey: holder) ?? [] {
      scopes[name]?.removeValue(forKey: holder)
      if scopes[name]?.isEmpty == true { scopes[name] = nil }
    }
  }

  mutating func releaseAll() {
    scopes = [:]
    names = [:]
  }

  /// Those who hold permits; for the audit.
  var holders: Set<PermitHolder> { Set(names.keys) }
}

extension StoreModel {
  /// `PermitStore.acquire`.
  public mutating func acquire(_ requests: [PermitRequest], at moment: Moment) -> [PermitAnswer] {
    requests.map { request in
      guard let first = request.permits.first else { return .granted }
      guard leasedSlot(request.holder.key, token: request.holder.token) != nil else {
        return .denied(by: first.name, retryAfter: nil)
      }
      for permit in request.permits {
        if let denial = permits.denial(of: permit, to: request.holder, at: moment.storeTime) { return denial }
      }
      for permit in request.permits { permits.take(permit, for: request.holder, at: moment.storeTime) }
      return .granted
    }
  }

  /// `PermitStore.release`.
  public mutating func release(_ holders: [PermitHolder]) {
    for holder in holders { permits.release(holder) }
  }
}
