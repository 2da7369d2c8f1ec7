import CelerityCore
import Logging
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
  let logger: Logger

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
    var conflicts = 0
    // What was missing is there from then on, so that only others can keep this from its end.
    while conflicts < Self.patience {
      var draft = Draft(
        keys: keys, wire: wire, lifecycle: lifecycle, moment: clock.moment, control: control,
        resultExpires: resultExpires,
        setsExpiry: !clock.isGiven, world: world)
      let answer: Answer
      do {
        answer = try verb(&draft)
        try draft.endUnreadable()
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
      case .done(let base):
        if !draft.parked.isEmpty {
          logger.error(
            "records of tasks can't be read; the tasks are dead letters now",
            metadata: ["tasks": "\(draft.parked.map(\.text))"])
        }
        return finish(answer, base)
      case .conflict(let entities):
        world.forget(entities)
        conflicts += 1
      case .wrong(let strange):
        guard draft.canAvoid(strange) else { throw EngineError(strange: strange) }
        logger.warning(
          "other programs have keys in Redis that would be ours", metadata: ["keys": "\(strange.sorted())"])
        world.strangeKeys.formUnion(strange)
        conflicts += 1
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

  /// What became of operations on a condition.
  enum Performed {
    case done
    /// The condition did not hold.
    case moot
    /// A key holds something else than the operations need.
    case impossible
  }

  /// Carries out operations if all checks hold.
  func perform(_ operations: [Draft.Arguments], if checks: [Draft.Arguments]) async throws(EngineError) -> Performed {
    var arguments: [RESPCommand.Argument] = [.text(keys.prefix), .number(checks.count)]
    for check in checks { arguments += [.number(check.count)] + check }
    arguments.append(0)
    for operation in MergedWrites(operations).operations {
      arguments.append(.number(operation.count))
      arguments += operation
    }
    guard let failed = try await CommitScript.script.engineRun(on: client, arguments).elements else { return .done }
    return Self.strangeKeys(failed) == nil ? .moot : .impossible
  }

  /// The keys that an answer of the script names as holding something else; `nil` when it names none.
  private static func strangeKeys(_ answer: [RESPValue]) -> Set<String>? {
    answer.first?.string == "wrong" ? Set(answer.dropFirst().compactMap(\.string)) : nil
  }

  private enum Result {
    case done(ChangeNumber)
    case conflict([Entity])
    case wrong(Set<String>)
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
    if let strange = reply.elements.flatMap(Self.strangeKeys) { return .wrong(strange) }
    if let failed = reply.elements { return .conflict(failed.compactMap { $0.integer.map { checks[Int($0)].0 } }) }
    return .done(reply.integer ?? 0)
  }
}

extension EngineError {
  /// The error of a transaction that needs keys which hold something else.
  fileprivate init(strange keys: Set<String>) {
    self.init(
      .invalid,
      "Redis has keys that hold something else than is needed there: \(keys.sorted().joined(separator: ", "))",
      hint: "give the queue another name, or remove the key if no other program needs it")
  }
}
