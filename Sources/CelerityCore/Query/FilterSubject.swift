import CelerityJSON

/// A record under question; what several terms need of it is made once.
struct FilterSubject {
  private let record: TaskRecord
  /// The error's type and message, folded.
  private lazy var error: [UInt8]? = record.failure.map { Self.folded("\($0.type): \($0.message)") }
  /// Where words are searched, folded.
  private lazy var places: [[UInt8]] = makePlaces()

  init(_ record: TaskRecord) { self.record = record }

  mutating func satisfies(_ term: FilterTerm) -> Bool {
    switch term {
    case .state(let states): states.contains(record.state)
    case .text(let field, let pattern): has(pattern, in: field)
    case .error(let pattern): error.map { pattern.isFound(in: $0) } ?? false
    case .number(let field, let comparison, let number): comparison.holds(value(of: field), number)
    case .time(let field, let time): moment(of: field).map { time.holds($0) } ?? false
    case .json(let root, let path, let test): value(of: root)?.value(at: path).map { $0.passes(test) } ?? false
    case .word(let pattern): places.contains { pattern.isFound(in: $0) }
    }
  }

  private func has(_ pattern: FilterPattern, in field: FilterTerm.TextField) -> Bool {
    switch field {
    case .task: pattern.matches(record.message.task)
    case .queue: pattern.matches(record.message.queue)
    case .worker: record.worker.map { pattern.matches($0) } ?? false
    case .tag: record.message.extras.tags?.contains { pattern.matches($0) } ?? false
    case .id: pattern.matches(record.message.id.text)
    case .reason: record.endReason.map { pattern.matches($0) } ?? false
    case .group: record.message.extras.group.map { pattern.matches($0.id) } ?? false
    // A workflow's first task is its root.
    case .root: pattern.matches(record.message.extras.rootID ?? record.message.id.text)
    case .parent: record.message.extras.parentID.map { pattern.matches($0) } ?? false
    }
  }

  private func value(of field: FilterTerm.NumberField) -> Int64 {
    switch field {
    case .priority: Int64((record.message.priority ?? .normal).value)
    case .attempts: Int64(record.attempts)
    }
  }

  private func moment(of field: FilterTerm.TimeField) -> Timestamp? {
    switch field {
    case .created: record.created
    case .started: record.started
    case .finished: record.finished
    }
  }

  private func value(of root: FilterTerm.JSONRoot) -> RawJSON? {
    switch root {
    case .args: record.message.args
    case .kwargs: record.message.kwargs
    case .result: record.result
    }
  }

  // MARK: Text

  private mutating func makePlaces() -> [[UInt8]] {
    let texts = [Self.folded(record.message.task), Self.folded(record.message.id.text)]
    let arguments = [record.message.args, record.message.kwargs].map {
      Self.folded($0.searchableText(first: TaskFilter.searchedText))
    }
    return texts + (error.map { [$0] } ?? []) + arguments
  }

  private static func folded(_ text: String) -> [UInt8] { folded(Array(text.utf8.prefix(TaskFilter.searchedText))) }

  /// Bytes of UTF-8 in which case plays no role. A character that was cut off at the end is replaced.
  private static func folded(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.allSatisfy({ $0 < 0x80 }) else {
      return Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8)
    }
    return bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }
}

extension RawJSON {
  /// The value that a path leads to: names of members and places in arrays.
  fileprivate func value(at path: [String]) -> RawJSON? {
    var value = self
    for step in path {
      if let member = value[step] {
        value = member
      } else if let place = Int(step), place >= 0, let elements = value.elements(), place < elements.count {
        value = elements[place]
      } else {
        return nil
      }
    }
    return value
  }

  /// Whether the value, or one of the elements when it is an array, passes a test.
  fileprivate func passes(_ test: FilterTerm.JSONTest) -> Bool {
    switch test {
    case .exists: true
    case .matches(let pattern): eachScalar { $0.equals(pattern) }
    case .compares(let comparison, let pattern): eachScalar { $0.compares(comparison, pattern.text) }
    }
  }

  private func eachScalar(_ test: (RawJSON) -> Bool) -> Bool {
    kind == .array ? elements()?.contains(where: test) ?? false : test(self)
  }

  private func equals(_ pattern: FilterPattern) -> Bool {
    switch kind {
    case .string: stringValue.map { pattern.matches($0) } ?? false
    case .number: !pattern.isQuoted && (compare(.equal, number: pattern.text) ?? pattern.matches(description))
    case .boolean, .null: !pattern.isQuoted && pattern.matches(description)
    case .array, .object: false
    }
  }

  /// Numbers stand to each other as numbers, texts by their bytes; nothing else does.
  private func compares(_ comparison: FilterComparison, _ operand: String) -> Bool {
    if let isSo = compare(comparison, number: operand) { return isSo }
    guard let text = stringValue, RawJSON.number(operand) == nil else { return false }
    return comparison.holds(ByteText(text), ByteText(operand))
  }

  /// `nil` when either is no number. Whole numbers are compared exactly.
  private func compare(_ comparison: FilterComparison, number operand: String) -> Bool? {
    guard kind == .number, let wanted = RawJSON.number(operand) else { return nil }
    if let mine = int64Value, let theirs = wanted.int64Value { return comparison.holds(mine, theirs) }
    guard let mine = doubleValue, let theirs = wanted.doubleValue else { return false }
    return comparison.holds(mine, theirs)
  }

  private static func number(_ text: String) -> RawJSON? {
    guard let first = text.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
      let value = try? RawJSON(validating: text), value.kind == .number
    else { return nil }
    return value
  }
}
