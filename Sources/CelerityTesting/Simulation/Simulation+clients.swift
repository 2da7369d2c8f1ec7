import CelerityCore
import CelerityJSON

/// Clients: they submit, lose answers and ask again, and change their minds.
extension Simulation {
  static let queues = ["q0", "q1", "q2"]
  static let tenants = [Tenant.default, Tenant(stored: "acme")]

  mutating func submitSomething() throws(Violation) -> Happening {
    let request = random.oneIn(4) ? chord() : (0...random.below(3)).map { _ in submission() }
    requests.append(request)
    return try submit(request)
  }

  /// A client that did not hear the answer asks again with the same words.
  mutating func repeatRequest() throws(Violation) -> Happening {
    guard let request = random.pick(requests) else { return Happening() }
    return try submit(request)
  }

  private mutating func submit(_ request: [Submission]) throws(Violation) -> Happening {
    let results = model.submit(request, at: moment)
    note("submit \(request.map(\.message.id.text)): \(results)")
    var happening = Happening()
    for (submission, result) in zip(request, results) {
      switch result {
      case .accepted(let id, _):
        guard id == submission.message.id, happening.accepted[submission.message.key] == nil else {
          throw Violation("I2", "\(submission.message.key) was accepted as \(id)")
        }
        happening.accepted[submission.message.key] = submission
        keys.append(submission.message.key)
      case .existing: break
      case .queueFull(let depth, let limit):
        guard submission.depthLimit == limit, depth >= limit else {
          throw Violation("I2", "\(submission.message.key) met a queue of \(depth) that takes \(limit)")
        }
      case .conflict(let error): throw Violation("I2", "\(submission.message.key) met a conflict: \(error)")
      }
      try checkIdentity(submission, result)
    }
    return happening
  }

  /// One idempotency key must always name one task, for as long as that task or the memory of it is there.
  private mutating func checkIdentity(_ submission: Submission, _ result: SubmitResult) throws(Violation) {
    guard let key = submission.idempotency?.key, let id = result.id else { return }
    let name = "\(submission.message.tenant)/\(key)"
    if let known = identities[name], known != id,
      model.records([TaskKey(known, tenant: submission.message.tenant)], at: moment) != [.unknown]
    {
      throw Violation("I2", "the idempotency key \(name) names \(known) and \(id)")
    }
    identities[name] = id
  }

  private mutating func nextID(_ prefix: String) -> TaskID {
    serial += 1
    return TaskID(stored: "\(prefix)\(serial)")
  }

  private mutating func message(_ prefix: String, tenant: Tenant) -> TaskMessage {
    var message = TaskMessage(
      id: nextID(prefix), task: "work", queue: Self.queues[random.below(3)], tenant: tenant,
      priority: random.oneIn(2) ? Priority(random.below(10)) : nil)
    message.extras.maxRetries = random.below(4)
    if random.oneIn(5) { message.eta = moment.now + .milliseconds(random.below(60_000)) }
    if random.oneIn(6) { message.expires = moment.now + .milliseconds(random.below(90_000)) }
    return message
  }

  private mutating func submission() -> Submission {
    var submission = Submission(message("t", tenant: Self.tenants[random.below(2)]))
    if random.oneIn(3) {
      submission.idempotency = IdempotencyKey("k\(submission.message.id)", fingerprint: [UInt8(random.below(2))])
    }
    if random.oneIn(4) {
      submission.unique = UniqueKey(
        "u\(random.below(4))", scope: random.oneIn(2) ? .untilStarted : .untilFinished,
        onConflict: random.oneIn(2) ? .keepExisting : .replaceWaiting)
    }
    if random.oneIn(8) { submission.depthLimit = random.below(40) }
    return submission
  }

  private mutating func chord() -> [Submission] {
    let tenant = Self.tenants[random.below(2)]
    serial += 1
    let name = "g\(serial)"
    let size = 1 + random.below(4)
    var body = TaskMessage(id: nextID("body"), task: "body", queue: Self.queues[random.below(3)], tenant: tenant)
    body.extras.maxRetries = random.below(3)
    let group = GroupDeclaration(id: name, size: size, body: body, passesResults: !random.oneIn(4))
    return (0..<size).map { index in
      var member = message("m", tenant: tenant)
      member.extras.group = TaskMessage.GroupMembership(id: name, index: index)
      return Submission(member, group: index == 0 ? group : nil)
    }
  }

  mutating func cancelSomething() throws(Violation) -> Happening {
    guard let key = random.pick(keys) else { return Happening() }
    let before = ledger.lives[key]
    let result = model.cancel([CancelRequest(key)], at: moment)
    note("cancel \(key): \(result)")
    let wanted: CancelResult =
      switch before?.phase {
      case nil: .unknown
      case .delayed, .ready, .promised: .revoked
      case .leased: .requested
      case .finished: .alreadyFinished(before?.state ?? .revoked)
      }
    guard result == [wanted] else { throw Violation("I5", "\(key), \(wanted) at best, was cancelled as \(result)") }
    return Happening()
  }
}
