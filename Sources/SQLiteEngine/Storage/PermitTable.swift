import CelerityCore

/// Who holds which permits. Rates are in the database: what is used up stays used over a restart.
struct PermitTable: Sendable {
  /// The scope a permit counts in, by name and holder.
  private var scopes: [String: [PermitHolder: String?]] = [:]
  private var names: [PermitHolder: Set<String>] = [:]
  /// Holders by scope.
  private var totals: [String: Int] = [:]

  /// Whether a limit on holders lets this one in; one that is in already stays.
  func admits(_ permit: Permit, _ holder: PermitHolder) -> Bool {
    let holders = scopes[permit.name] ?? [:]
    if holders[holder] != nil { return true }
    switch permit.limit {
    case .concurrency(let limit): return holders.count < limit
    case .fairShare(let share, let scope):
      return Permit.shareAllows(share, own: holders.values.count { $0 == scope }, all: totals[scope] ?? 0)
    case .rate: return true
    }
  }

  mutating func hold(_ name: String, _ holder: PermitHolder, scope: String?) {
    let before = scopes[name, default: [:]].updateValue(scope, forKey: holder)
    names[holder, default: []].insert(name)
    if let before { count(before, -1) }
    count(scope, 1)
  }

  mutating func release(_ holder: PermitHolder) {
    guard let held = names.removeValue(forKey: holder) else { return }
    for name in held {
      if let scope = scopes[name]?.removeValue(forKey: holder) { count(scope, -1) }
      if scopes[name]?.isEmpty == true { scopes[name] = nil }
    }
  }

  private mutating func count(_ scope: String?, _ change: Int) {
    guard let scope else { return }
    let total = totals[scope, default: 0] + change
    totals[scope] = total == 0 ? nil : total
  }
}
