import CelerityCore
import CelerityJSON

/// Checks the store from outside after every event: the invariants I1 to I6 and I10 of the goals.
struct SimulationLedger: Sendable {
  private(set) var lives: [TaskKey: Life] = [:]
  private(set) var chords: [ScopedName: ChordLife] = [:]
  private(set) var tally = SimulationTally()
  private var chordOfBody: [TaskKey: ScopedName] = [:]
  private var seq: ChangeNumber = 0
  private var lastToken: Int64 = 0
  private var leasesLost = 0
  private var crashBudget: Int
  /// How many tasks stand in each phase.
  private var phases: [TaskPhase: Int] = [:]

  init(crashBudget: Int) {
    self.crashBudget = crashBudget
  }

  /// Looks at everything that changed since the event before.
  mutating func check(_ model: StoreModel, _ happening: Happening) throws(Violation) {
    tally.events += 1
    for (key, submission) in happening.accepted { declare(submission, tenant: key.tenant) }
    for (key, submission) in happening.followUps where model.slots[key] != nil && lives[key] == nil {
      declare(submission, tenant: key.tenant)
    }
    try checkDeliveries(happening)
    var losses = 0
    var ended: [TaskRecord] = []
    var begun: [TaskKey] = []
    for record in model.changes(after: seq, tenant: nil, limit: .max).records {
      seq = record.seq
      try model.audit(record)
      if lives[record.key] == nil {
        try begin(record, happening)
        begun.append(record.key)
      } else if try !follow(record, happening) {
        losses += 1
      }
      if record.phase == .finished { ended.append(record) }
    }
    for key in happening.accepted.keys where lives[key] == nil {
      throw Violation("I1", "\(key) was accepted and is not there")
    }
    try checkCauses(model, losses)
    for record in ended { try countEnd(record, model) }
    for key in begun { try checkBody(key) }
    if happening.forgotten > 0 { try forget(model, happening.forgotten) }
    try checkCounts(model)
  }

  // MARK: I2 and I5

  private mutating func begin(_ record: TaskRecord, _ happening: Happening) throws(Violation) {
    let key = record.key
    let isBody = chordOfBody[key] != nil
    guard
      let submission = happening.accepted[key] ?? happening.followUps[key]
        ?? (isBody ? Submission(record.message) : nil)
    else { throw Violation("I2", "\(key) is there and nobody sent it") }
    let isFresh = record.generation == 0 && record.attempts == 0 && record.lease == nil
    let isWaiting = record.state == .pending && (record.phase == .delayed || record.phase == .ready)
    let isFailedBody = isBody && record.state == .failure && record.phase == .finished
    let isReplaced = record.state == .revoked && record.reason == RevocationReason.replaced.rawValue
    guard isFresh, isWaiting || isFailedBody || isReplaced else {
      throw Violation("I5", "\(key) began as \(record.state) \(record.phase)")
    }
    var life = Life(record)
    life.unique = submission.unique
    lives[key] = life
    phases[record.phase, default: 0] += 1
    tally.accepted += 1
    if isBody { tally.bodies += 1 }
  }

  /// Follows a known task to where it is now; `false` when it lost its lease on the way.
  private mutating func follow(_ record: TaskRecord, _ happening: Happening) throws(Violation) -> Bool {
    let key = record.key
    guard var life = lives[key] else { return true }
    if record.generation != life.generation { try redrive(&life, record, happening) }
    if let end = life.end { throw Violation("I3", "\(key) changed after its end: \(end.state) to \(record.state)") }
    guard record.state == life.state || life.state.successors.contains(record.state) else {
      throw Violation("I5", "\(key) went from \(life.state) to \(record.state)")
    }
    var keptLease = true
    if life.phase == .leased, record.lease?.token != life.token {
      if let commit = happening.commits[key] {
        guard commit.state == record.state else {
          throw Violation("I5", "\(key) was settled as \(commit.state) and is \(record.state)")
        }
        count(commit, &life)
      } else {
        keptLease = false
        life.lossesNow += 1
      }
    }
    if record.phase == .leased, record.lease?.token != life.token {
      guard let delivery = happening.deliveries[key], delivery.lease.token == record.lease?.token else {
        throw Violation("I4", "\(key) is leased and was given to nobody")
      }
      life.deliveries += 1
      life.deliveriesNow += 1
    }
    try checkAttempts(life, record)
    phases[life.phase, default: 0] -= 1
    phases[record.phase, default: 0] += 1
    life.state = record.state
    life.phase = record.phase
    life.token = record.lease?.token
    if record.phase == .finished {
      life.end = record
      if record.reason == "poison" { tally.poisoned += 1 }
    }
    lives[key] = life
    return keptLease
  }

  private mutating func redrive(
    _ life: inout Life, _ record: TaskRecord, _ happening: Happening
  ) throws(Violation) {
    guard happening.redriven.contains(record.key), record.generation == life.generation + 1, let end = life.end,
      end.state != .success, record.state == .pending, record.phase == .ready
    else {
      throw Violation("I5", "\(record.key) went from generation \(life.generation) to \(record.generation)")
    }
    life.beginGeneration()
    life.state = .pending
    tally.redriven += 1
  }

  private mutating func count(_ commit: Happening.Commit, _ life: inout Life) {
    tally.committed += 1
    switch commit.outcome {
    case .retry: life.retriesNow += 1
    case .released:
      life.releases += 1
      life.releasesNow += 1
    case .success, .failure, .ignored, .revoked, .rejected: break
    }
  }

  // MARK: I4 and I6

  private mutating func checkDeliveries(_ happening: Happening) throws(Violation) {
    for delivery in happening.deliveries.values.sorted(by: { $0.lease.token < $1.lease.token }) {
      guard delivery.lease.token > lastToken else {
        throw Violation("I4", "token \(delivery.lease.token) of \(delivery.key) after \(lastToken)")
      }
      lastToken = delivery.lease.token
      guard lives[delivery.key]?.phase == .ready else {
        throw Violation(
          "I4", "\(delivery.key) was given out while \(lives[delivery.key].map { "\($0.phase)" } ?? "unknown")")
      }
      tally.deliveries += 1
    }
  }

  private func checkAttempts(_ life: Life, _ record: TaskRecord) throws(Violation) {
    let causes = life.retriesNow + life.releasesNow + life.lossesNow
    guard life.deliveriesNow <= 1 + causes else {
      throw Violation("I4", "\(record.key) ran \(life.deliveriesNow) times with \(causes) causes")
    }
    guard record.attempts == life.deliveries - life.releases else {
      throw Violation("I6", "\(record.key) counts \(record.attempts) attempts of \(life.deliveries - life.releases)")
    }
    guard record.message.retries == life.retriesNow, life.retriesNow <= life.maxRetries else {
      throw Violation(
        "I6", "\(record.key) counts \(record.message.retries) retries of \(life.retriesNow), at most \(life.maxRetries)"
      )
    }
    guard record.crashes <= crashBudget, record.crashes <= life.lossesNow else {
      throw Violation("I6", "\(record.key) counts \(record.crashes) crashes")
    }
  }

  private mutating func checkCauses(_ model: StoreModel, _ losses: Int) throws(Violation) {
    let counted = model.counters.leasesLost.values.reduce(0, +)
    guard counted - leasesLost == losses else {
      throw Violation("I4", "\(losses) leases were lost and \(counted - leasesLost) were counted")
    }
    leasesLost = counted
    tally.leasesLost = counted
  }

  // MARK: I10

  private mutating func declare(_ submission: Submission, tenant: Tenant) {
    guard let group = submission.groups.first, let body = group.body else { return }
    let name = ScopedName(group.id, tenant: tenant)
    guard chords[name] == nil else { return }
    chords[name] = ChordLife(body: body.key, size: group.size, passesResults: group.passesResults)
    chordOfBody[body.key] = name
  }

  private mutating func countEnd(_ record: TaskRecord, _ model: StoreModel) throws(Violation) {
    guard let membership = record.message.extras.group else { return }
    let name = ScopedName(membership.id, tenant: record.message.tenant)
    guard var chord = chords[name], chord.ends[record.message.id] == nil else { return }
    chord.ends[record.message.id] = ChordLife.End(
      index: membership.index, id: record.message.id, state: record.state, result: record.result)
    chords[name] = chord
    guard chord.ends.count == chord.size else { return }
    guard let slot = model.slots[chord.body] else {
      throw Violation("I10", "all members of \(membership.id) have ended and its body \(chord.body) is not there")
    }
    let body = model.rows[slot].record
    let failed = chord.ends.values.contains { $0.state != .success }
    guard failed == (body.failure?.type == "ChordError") else {
      throw Violation("I10", "the body \(chord.body) is \(body.state), members failed: \(failed)")
    }
    if !failed, body.message.args != chord.arguments(own: []) {
      throw Violation("I10", "the body \(chord.body) got \(body.message.args), not \(chord.arguments(own: []))")
    }
  }

  private func checkBody(_ body: TaskKey) throws(Violation) {
    guard let name = chordOfBody[body], let chord = chords[name] else { return }
    guard chord.ends.count == chord.size else {
      throw Violation("I10", "the body \(body) was sent when \(chord.ends.count) of \(chord.size) members had ended")
    }
  }

  // MARK: I1

  private mutating func forget(_ model: StoreModel, _ count: Int) throws(Violation) {
    let gone = lives.keys.filter { model.slots[$0] == nil }
    for key in gone {
      guard let life = lives[key], life.end != nil else {
        throw Violation("I1", "\(key) was forgotten before it had ended")
      }
      phases[.finished, default: 0] -= 1
      lives[key] = nil
    }
    guard gone.count == count else {
      throw Violation("I1", "\(gone.count) tasks are gone, the store says \(count)")
    }
    tally.forgotten += count
  }

  private func checkCounts(_ model: StoreModel) throws(Violation) {
    guard model.slots.count == lives.count else {
      throw Violation("I1", "the store holds \(model.slots.count) tasks of \(lives.count)")
    }
    for phase in TaskPhase.allCases where model.count(in: phase) != phases[phase, default: 0] {
      throw Violation(
        "I1", "\(model.count(in: phase)) tasks stand among the \(phase) ones, not \(phases[phase, default: 0])")
    }
  }

  /// Looks at every task, not only at those that changed.
  func checkAll(_ model: StoreModel) throws(Violation) {
    for (key, life) in lives {
      guard let slot = model.slots[key] else { throw Violation("I1", "\(key) is missing") }
      let record = model.rows[slot].record
      guard record.phase == life.phase, record.state == life.state, record.lease?.token == life.token else {
        throw Violation("I5", "\(key) is \(record.state) \(record.phase), and no change said so")
      }
      if let end = life.end, end != record { throw Violation("I3", "\(key) changed silently after its end") }
      try model.audit(record)
    }
    try model.auditHolders()
  }
}
