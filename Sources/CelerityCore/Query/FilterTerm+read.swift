extension FilterTerm {
  /// What can stand before a colon; `name` is another word for `task`.
  static let qualifiers =
    ["state", "error", "name"] + TextField.allCases.map(\.rawValue) + NumberField.allCases.map(\.rawValue)
    + TimeField.allCases.map(\.rawValue) + JSONRoot.allCases.map(\.rawValue)

  /// Finds out what a term means.
  init(_ value: FilterValue, now: Timestamp) throws(TaskFilterError) {
    guard let qualifier = value.qualifier else {
      self = .word(try Self.searched(value))
      return
    }
    if value.text.isEmpty, !value.isQuoted {
      throw TaskFilterError("a value is missing after '\(qualifier):'", at: value.valueOffset)
    }
    let path = qualifier.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let name = path[0].lowercased()
    if let root = JSONRoot(rawValue: name) {
      self = try .json(root, path: Self.path(path, value), Self.test(value))
    } else if path.count > 1, Self.qualifiers.contains(name) {
      throw TaskFilterError(
        "'\(name)' has no parts", at: value.offset + name.utf8.count, hint: "only args, kwargs and result have")
    } else if name == "state" {
      self = .state(try Self.states(value))
    } else if name == "error" {
      self = .error(try Self.searched(value))
    } else if let field = TextField(rawValue: name == "name" ? "task" : name) {
      self = .text(field, try Self.whole(value, name))
    } else if let field = NumberField(rawValue: name) {
      self = try Self.number(field, value)
    } else if let field = TimeField(rawValue: name) {
      self = .time(field, try FilterTime(value, field, now: now))
    } else {
      throw Self.unknown(qualifier, value)
    }
  }

  private static func unknown(_ qualifier: String, _ value: FilterValue) -> TaskFilterError {
    let guess = closestMatch(to: qualifier, among: qualifiers).map { "did you mean '\($0):'? " } ?? ""
    return TaskFilterError(
      "there is no qualifier '\(qualifier)'", at: value.offset, hint: guess + "put it in quotes to search for the text")
  }

  /// A text that is looked for inside of others.
  private static func searched(_ value: FilterValue) throws(TaskFilterError) -> FilterPattern {
    if value.text.isEmpty { throw TaskFilterError("nothing stands between the quotation marks", at: value.valueOffset) }
    return FilterPattern(value.text, isQuoted: value.isQuoted, isFolding: true)
  }

  /// A text that is compared as a whole.
  private static func whole(_ value: FilterValue, _ qualifier: String) throws(TaskFilterError) -> FilterPattern {
    if !value.isQuoted, let first = value.text.utf8.first, "<=>".utf8.contains(first) {
      throw TaskFilterError(
        "'\(qualifier)' can't be compared", at: value.valueOffset, hint: "put the value in quotes if it begins so")
    }
    return FilterPattern(value.text, isQuoted: value.isQuoted, isFolding: false)
  }

  /// One state or several with commas between them.
  private static func states(_ value: FilterValue) throws(TaskFilterError) -> Set<TaskState> {
    var states: Set<TaskState> = []
    var offset = value.valueOffset
    for name in value.text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let state = TaskState(rawValue: name.uppercased()) else {
        let names = TaskState.allCases.map(\.rawValue)
        let hint = closestMatch(to: String(name), among: names).map { "did you mean \($0)?" }
        throw TaskFilterError(
          "there is no state '\(name)'", at: offset, hint: hint ?? "states are \(names.joined(separator: ", "))")
      }
      states.insert(state)
      offset += name.utf8.count + 1
    }
    return states
  }

  private static func number(_ field: NumberField, _ value: FilterValue) throws(TaskFilterError) -> FilterTerm {
    let (comparison, rest) = FilterComparison.split(value.text)
    guard let number = Int64(rest) else {
      throw TaskFilterError(
        "'\(rest)' is not a whole number", at: value.valueOffset,
        hint: "write \(field.rawValue):5 or \(field.rawValue):>=5")
    }
    if field == .priority, !(0...9).contains(number) {
      throw TaskFilterError("priorities are 0 to 9", at: value.valueOffset)
    }
    return .number(field, comparison, number)
  }

  /// The way into a value, without the root.
  private static func path(_ path: [String], _ value: FilterValue) throws(TaskFilterError) -> [String] {
    var offset = value.offset + path[0].utf8.count + 1
    for segment in path.dropFirst() {
      if segment.isEmpty { throw TaskFilterError("a name is missing after the dot", at: offset) }
      offset += segment.utf8.count + 1
    }
    return Array(path.dropFirst())
  }

  private static func test(_ value: FilterValue) throws(TaskFilterError) -> JSONTest {
    if value.isQuoted { return .matches(FilterPattern(value.text, isQuoted: true, isFolding: false)) }
    let (comparison, rest) = FilterComparison.split(value.text)
    if comparison == .equal, rest == "*" { return .exists }
    if rest.isEmpty { throw TaskFilterError("a value is missing to compare with", at: value.valueOffset) }
    let pattern = FilterPattern(rest, isQuoted: false, isFolding: false)
    return comparison == .equal ? .matches(pattern) : .compares(comparison, pattern)
  }
}
