import CelerityCore
import NIOCore
import RESPClient

/// Runs verbs as transactions: load what they ask for, run them, write what they changed if nothing of what they have seen
/// has moved on; else load that again and repeat. Whoever commits makes progress, so some verb always does.
struct Transactions: Sendable {
  let keys: Keys
  let wire: Wire
  let client: RedisClient
  let lifecycle: TaskLifecycle
  let clock: StoreClock
  let resultExpires: Duration
  /// The channel on which Celery's workers hear orders.
  let control: String

  /// How often a verb is run again before the store counts as too busy.
  private static let patience = 1000

  /// Runs a verb.
  ///
  /// - Parameters:
  ///   - world: what is taken to be there; a wrong guess costs a round trip.
  ///   - verb: looks and changes; may run several times.
  ///   - finish: makes the answer, told the number before the first change.
  func run<Answer, Final>(
    assuming world: World = World(), _ verb: (inout Draft) throws(DraftError) -> Answer,
    finish: (Answer, ChangeNumber) -> Final
  ) async throws(EngineError) -> Final {
    var assumed = world.entities
    var world = world
    let loader = Loader(keys: keys, wire: wire, client: client)
    for _ in 0..<Self.patience {
      var draft = Draft(
        keys: keys, wire: wire, lifecycle: lifecycle, moment: clock.moment, control: control,
        resultExpires: resultExpires,
        setsExpiry: !clock.isGiven, world: world)
      let answer: Answer
      do {
        answer = try verb(&draft)
      } catch {
        switch error {
        case .missing(let missing):
          try await loader.load(missing.entities, into: &world)
          continue
        case .refused(let refusal):
          throw EngineError(.corrupt, "a record is in a state that should be impossible: \(refusal)")
        }
      }
      if draft.isEmpty {
        // Nothing is written that would be compared with what is there: what was guessed must be looked up.
        let guesses = draft.read.intersection(assumed)
        if guesses.isEmpty { return finish(answer, 0) }
        try await loader.load(guesses, into: &world)
        assumed.subtract(guesses)
        continue
      }
      switch try await commit(draft) {
      case .done(let base): return finish(answer, base)
      case .conflict(let entities): world.forget(entities)
      }
    }
    throw EngineError(.unavailable, "too many others change the same tasks")
  }

  /// Runs a verb whose answer names no change.
  func run<Answer>(
    assuming world: World = World(), _ verb: (inout Draft) throws(DraftError) -> Answer
  ) async throws(EngineError) -> Answer {
    try await run(assuming: world, verb) { answer, _ in answer }
  }

  /// Carries out operations if a hash's field still has a value; answers whether it had.
  func perform(
    ifField field: String, of key: String, is value: ByteBuffer, _ operations: [Draft.Arguments]
  ) async throws(EngineError) -> Bool {
    var arguments: [RESPCommand.Argument] = [
      .text(keys.prefix), 1, 4, "h", .text(key), .text(field), .bytes(value), 0,
    ]
    for operation in operations {
      arguments.append(.number(operation.count))
      arguments += operation
    }
    return try await CommitScript.script.engineRun(on: client, arguments).elements == nil
  }

  private enum Result {
    case done(ChangeNumber)
    case conflict([Entity])
  }

  private func commit(_ draft: Draft) async throws(EngineError) -> Result {
    let checks = draft.checks
    var arguments: [RESPCommand.Argument] = [.text(keys.prefix), .number(checks.count)]
    for (_, check) in checks {
      arguments.append(.number(check.count))
      arguments += check
    }
    arguments.append(.number(draft.changes))
    for write in draft.writes {
      arguments.append(.number(write.count))
      arguments += write
    }
    let reply = try await CommitScript.script.engineRun(on: client, arguments)
    if let failed = reply.elements { return .conflict(failed.compactMap { $0.integer.map { checks[Int($0)].0 } }) }
    return .done(reply.integer ?? 0)
  }
}
