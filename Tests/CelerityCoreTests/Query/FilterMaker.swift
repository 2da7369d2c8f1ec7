import CelerityCore
import CelerityJSON
import CelerityTesting

/// Random filters whose meaning is known, and records that are near them.
struct FilterMaker {
  var random: SeededRandom
  let now: Timestamp

  /// What a filter is to mean, told without the code under test.
  indirect enum Wish {
    case term(String, @Sendable (TaskRecord) -> Bool)
    case not(Wish, String)
    case all([Wish], String)
    case any([Wish], String)

    var text: String {
      switch self {
      case .term(let text, _), .not(_, let text), .all(_, let text), .any(_, let text): text
      }
    }

    func holds(for record: TaskRecord) -> Bool {
      switch self {
      case .term(_, let test): test(record)
      case .not(let wish, _): !wish.holds(for: record)
      case .all(let wishes, _): wishes.allSatisfy { $0.holds(for: record) }
      case .any(let wishes, _): wishes.contains { $0.holds(for: record) }
      }
    }
  }

  private static let names = ["a", "ab", "b.a", "é", "x y"]

  mutating func wish(depth: Int) -> Wish {
    if depth > 3 || random.oneIn(3) { return term() }
    switch random.below(3) {
    case 0:
      let inner = wish(depth: depth + 1)
      return .not(inner, (random.oneIn(2) ? "-" : "NOT ") + "(\(inner.text))")
    case 1:
      let parts = (0..<1 + random.below(3)).map { _ in wish(depth: depth + 1) }
      let glue = random.oneIn(2) ? " " : " AND "
      return .all(parts, parts.map { isChoice($0) ? "(\($0.text))" : $0.text }.joined(separator: glue))
    default:
      let parts = (0..<1 + random.below(3)).map { _ in wish(depth: depth + 1) }
      return .any(parts, parts.map(\.text).joined(separator: " OR "))
    }
  }

  private func isChoice(_ wish: Wish) -> Bool { if case .any = wish { true } else { false } }

  private mutating func term() -> Wish {
    let name = random.pick(Self.names) ?? "a"
    let quoted = name.contains(" ") || random.oneIn(3) ? "\"\(name)\"" : name
    switch random.below(10) {
    case 0:
      let state = random.pick(TaskState.allCases) ?? .pending
      let other = random.pick(TaskState.allCases) ?? .pending
      return .term("state:\(state.rawValue.lowercased()),\(other.rawValue)") { $0.state == state || $0.state == other }
    case 1: return .term("task:\(quoted)") { $0.message.task == name }
    case 2: return .term("queue:\(quoted)") { $0.message.queue == name }
    case 3: return .term("tag:\(quoted)") { $0.message.extras.tags?.contains(name) ?? false }
    case 4: return .term("worker:a*") { $0.worker?.hasPrefix("a") ?? false }
    case 5: return number()
    case 6: return age()
    case 7: return argument(quoted, name)
    case 8: return .term("error:\(quoted)") { $0.failure.map { "\($0.type): \($0.message)".contains(name) } ?? false }
    default: return word(quoted, name)
    }
  }

  private mutating func number() -> Wish {
    let number = random.below(10)
    return switch random.below(4) {
    case 0: .term("priority:>=\(number)") { ($0.message.priority ?? .normal).value >= number }
    case 1: .term("priority:\(number)") { ($0.message.priority ?? .normal).value == number }
    case 2: .term("attempts:<\(number)") { $0.attempts < number }
    default: .term("kwargs.n:>\(number)") { $0.message.kwargs["n"]?.int64Value.map { $0 > number } ?? false }
    }
  }

  private mutating func age() -> Wish {
    let minutes = random.below(90)
    let moment = now + .seconds(-60 * minutes)
    return switch random.below(3) {
    case 0: .term("created:<\(minutes)m") { $0.created > moment }
    case 1: .term("created:>=\(minutes)m") { $0.created <= moment }
    default: .term("finished:>\(moment.rfc3339)") { $0.finished.map { $0 > moment } ?? false }
    }
  }

  private mutating func argument(_ quoted: String, _ name: String) -> Wish {
    let place = random.below(3)
    return .term("args.\(place):\(quoted)") { record in
      let elements = record.message.args.elements() ?? []
      return place < elements.count && elements[place].stringValue == name
    }
  }

  private func word(_ quoted: String, _ name: String) -> Wish {
    .term(quoted) { record in
      let texts = [
        record.message.task, record.message.id.text, record.failure.map { "\($0.type): \($0.message)" } ?? "",
      ]
      let arguments = (record.message.args.elements() ?? []).compactMap(\.stringValue)
      let members = (record.message.kwargs.members() ?? []).flatMap { [$0.name, $0.value.description] }
      return (texts + arguments + members).contains { $0.contains(name) }
    }
  }

  mutating func record() -> TaskRecord {
    func name() -> String { random.pick(Self.names) ?? "a" }
    var message = TaskMessage(
      id: TaskID(stored: name()), task: name(), queue: name(),
      args: .array((0..<random.below(4)).map { _ in .string(name()) }),
      kwargs: random.oneIn(2) ? .object([("n", .integer(Int64(random.below(12))))]) : .emptyObject,
      priority: random.oneIn(2) ? Priority(random.below(10)) : nil)
    if random.oneIn(2) { message.extras.tags = [name(), name()] }
    var record = TaskRecord(accepting: message, at: now + .seconds(-60 * random.below(90)))
    record.state = random.pick(TaskState.allCases) ?? .pending
    record.attempts = random.below(10)
    if random.oneIn(2) { record.worker = name() }
    if random.oneIn(2) { record.finished = now + .seconds(-60 * random.below(90)) }
    if random.oneIn(2) { record.failure = TaskFailure(type: name(), message: name()) }
    return record
  }
}
