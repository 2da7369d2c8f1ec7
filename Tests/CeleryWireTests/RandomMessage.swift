import CelerityCore
import CelerityJSON

/// Messages with everything in them that a message can hold, the same ones for a seed.
struct RandomMessage {
  /// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators).
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
  }

  var random: Generator

  init(seed: UInt64) { random = Generator(state: seed) }

  mutating func message() -> TaskMessage {
    TaskMessage(
      id: TaskID(text(1...40)) ?? TaskID(stored: "id"), task: text(1...30), queue: "q" + name(), args: array(2),
      kwargs: object(2), tenant: oneOf([.default, Tenant(stored: "other")]),
      priority: maybe { Priority($0.below(10)) } ?? nil,
      eta: maybe { $0.time() }, expires: maybe { $0.time() }, retries: below(5), extras: extras())
  }

  private mutating func extras() -> TaskMessage.Extras {
    var extras = TaskMessage.Extras()
    extras.maxRetries = maybe { $0.below(100) }
    extras.softTimeLimit = maybe { $0.oneOf([0.001, 1, 30, 0.1, 86_400.5, 1e12, -0.0]) }
    extras.timeLimit = maybe { $0.oneOf([0.5, 2, 1.0 / 3, 1e300]) }
    extras.rootID = maybe { $0.text(0...20) }
    extras.parentID = maybe { $0.text(0...20) }
    extras.group = maybe { .init(id: $0.text(0...20), index: $0.oneOf([0, 1, -1, 7, .max, .min, .max - 1])) }
    extras.callbacks = maybe { random in random.list(2) { $0.signature(2) } }
    extras.errbacks = maybe { random in random.list(2) { $0.signature(1) } }
    extras.chain = maybe { random in random.list(3) { $0.signature(2) } }
    extras.chord = maybe { $0.signature(2) }
    extras.ignoreResult = maybe { $0.below(2) == 0 }
    extras.tags = maybe { random in random.list(3) { $0.text(0...9) } }
    extras.shadow = maybe { $0.text(0...9) }
    extras.origin = maybe { $0.text(0...9) }
    extras.replyTo = maybe { $0.text(0...9) }
    extras.requestID = maybe { $0.text(0...9) }
    extras.traceparent = maybe { $0.text(0...9) }
    extras.tracestate = maybe { $0.text(0...9) }
    extras.replacedTaskNesting = maybe { $0.below(3) }
    extras.stampedHeaders = maybe { random in random.list(3) { $0.name() } }
    extras.stamps = maybe { $0.members() }
    extras.headers = maybe { $0.members() }
    return extras
  }

  mutating func signature(_ depth: Int) -> Signature {
    var options: [(String, RawJSON)] = [("task_id", .string(text(1...20))), ("unknown", value(2))]
    if below(2) == 0 { options.append(("priority", .integer(Int64(below(12))))) }
    if depth > 0 { options.append(("link", .array([signature(depth - 1).json]))) }
    return Signature(
      task: text(0...10), args: array(2), kwargs: object(2), options: .object(options),
      subtaskType: maybe { $0.oneOf(["chain", "group", "chord"]) }, isImmutable: below(2) == 0)
  }

  /// Names of headers, those with a meaning and those that look like one among them.
  private mutating func members() -> [String: RawJSON] {
    let names = [
      "mine", "x-own", "x-death", "task", "id", "args", "kwargs", "utc", "taskset", "priority", "celerity_exact",
      "celerity_headers", "celerity_tags", "celerity_unknown", "celerity_max_retries", "compression", "eta", "é", "",
      "redelivered", "traceparent", "stamps", "group_index", "a\"b\\c\n",
    ]
    var members: [String: RawJSON] = [:]
    for _ in 0..<below(6) { members[oneOf(names)] = value(2) }
    return members
  }

  private mutating func time() -> Timestamp {
    Timestamp(
      microseconds: oneOf([
        0, 1, -1, 1_795_237_200_000_000, 1_795_237_200_123_456, -5_000_000_000_000_001, .max, .min,
        253_402_300_799_999_999, 253_402_300_800_000_000, -62_135_596_800_000_000, -62_135_596_800_000_001,
      ]))
  }

  mutating func value(_ depth: Int) -> RawJSON {
    let raw = [
      "1", "-0", "1.50", "1e400", "9007199254740993", "123456789012345678901234567890123456789012345", "null", "true",
    ]
    switch below(depth > 0 ? 5 : 3) {
    case 0: return RawJSON(unchecked: Array(oneOf(raw).utf8))
    case 1: return RawJSON(unchecked: Array(#""\u00e9\/\ud83d\ude00 é""#.utf8))
    case 2: return .string(text(0...20))
    case 3: return array(depth - 1)
    default: return object(depth - 1)
    }
  }

  private mutating func array(_ depth: Int) -> RawJSON { .array(list(3) { $0.value(depth) }) }

  private mutating func object(_ depth: Int) -> RawJSON {
    .object(list(3) { $0.value(depth) }.enumerated().map { ("k\($0.offset) é", $0.element) })
  }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

  private mutating func oneOf<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

  private mutating func maybe<Value>(_ make: (inout RandomMessage) -> Value) -> Value? {
    below(2) == 0 ? nil : make(&self)
  }

  private mutating func list<Value>(_ limit: Int, _ make: (inout RandomMessage) -> Value) -> [Value] {
    (0..<below(limit + 1)).map { _ in make(&self) }
  }

  private mutating func name() -> String { oneOf(["a", "überall", "queue.high", "x y", "日本"]) }

  mutating func text(_ length: ClosedRange<Int>) -> String {
    let letters = Array("abz09 .-_/\\\"'\u{e9}\u{65}\u{301}中😀\u{7f}\u{1}\n\u{2028}{}[]:,")
    return String((0..<Int.random(in: length, using: &random)).map { _ in oneOf(letters) }.prefix(60))
  }
}
