import CelerityCore
import CelerityJSON

/// Sends one task and does with it what was asked for.
struct TaskSubmission: Sendable {
  let session: ClientSession
  /// Makes sending safe to repeat.
  let key: String
  let body: RawJSON

  /// Submits; waits when `wait` is there.
  func run(wait: WaitLimit?, showsProgress: Bool) async throws {
    let start = ContinuousClock.now
    let accepted = try await submit()
    guard let id = accepted["id"]?.stringValue else {
      throw ClientError("the gateway's answer names no task", status: .failed)
    }
    guard let wait else {
      try show(accepted, id)
      if !session.output.isJSON { warn(accepted, id) }
      return
    }
    warn(accepted, id)
    let follow = TaskWait(session: session, id: id, deadline: wait.duration.map { start + $0 }, isKnownToExist: true)
    let ended = try await follow.run(showsProgress: showsProgress)
    try TaskEnding(task: ended).show(session.output)
  }

  private func submit() async throws(ClientError) -> RawJSON {
    var request = GatewayRequest.post("/v1/tasks", body: body, isRepeatable: true)
    request.headers = [("Idempotency-Key", key)]
    do {
      return try await session.gateway.json(request)
    } catch {
      if error.code == "unknown-task" { throw await KnownKinds(gateway: session.gateway).hint(error, for: body) }
      if error.code == "invalid-arguments" { throw KnownKinds.arguments(error, of: body) }
      let isUnknown = [.interrupted, .tryLater, .unavailable].contains(error.status)
      guard isUnknown, error.cause != TransportError.refused.reason else { throw error }
      throw ClientError(
        error.what, cause: (error.cause.map { $0 + "\n" } ?? "") + "it is not known whether the task was accepted",
        hint: "the same command with --idempotency-key \(ShellWords.quoted(key)) gives the task it may have become",
        status: error.status, code: error.code)
    }
  }

  /// Says why the task may not start: the person would wait for nothing.
  private func warn(_ accepted: RawJSON, _ id: String) {
    guard let warning = accepted["warning"]?.stringValue else { return }
    let output = session.output
    let colours = output.terminal.isErrorTerminal && output.terminal.allowsColour
    output.note(Tone.waiting.paint("warning: " + SafeText.line(warning), colours: colours))
    output.note("try:   celerity task why \(ShellWords.quoted(id))")
  }

  /// Why no new task was made (`DuplicateCause`).
  private static func existing(_ cause: RawJSON) -> String {
    switch cause.stringValue.flatMap(DuplicateCause.init(rawValue:)) {
    case .idempotencyKey: "this submission was sent before and gave this task"
    case .uniqueKey: "a task with this --key waits or runs already: it is this one"
    case .sameID: "a task of this id was there already"
    case nil: cause.stringValue ?? cause.description
    }
  }

  private func show(_ accepted: RawJSON, _ id: String) throws {
    let output = session.output
    if output.isJSON { return try output.json(accepted) }
    guard output.isForPeople else { return try output.line(SafeText.field(id)) }
    var fields: [(name: String, cell: Table.Cell)] = [
      ("id", Table.Cell(id)), ("state", Table.Cell(state: accepted["state"]?.stringValue ?? "")),
      ("queue", Table.Cell(ifPresent: accepted["queue"]?.stringValue)),
    ]
    if let position = accepted["position"]?.int64Value { fields.append(("position", Table.Cell(number: position))) }
    if let start = accepted["estimated_start"]?.stringValue {
      fields.append(("estimated_start", Table.Cell(moment: start, now: session.time.now)))
    }
    if let eta = accepted["eta"]?.stringValue { fields.append(("eta", Table.Cell(moment: eta, now: session.time.now))) }
    if let existing = accepted["existing"], !existing.isNull {
      fields.append(("existing", Table.Cell(existing.stringValue ?? "", shown: Self.existing(existing))))
    }
    try output.fields(fields)
    guard accepted["warning"]?.stringValue == nil else { return }
    output.note("try:   celerity task watch \(ShellWords.quoted(id))")
  }
}
