/// One condition on a record.
enum FilterTerm: Sendable, Hashable, CustomStringConvertible {
  case state(Set<TaskState>)
  case text(TextField, FilterPattern)
  case error(FilterPattern)
  case number(NumberField, FilterComparison, Int64)
  case time(TimeField, FilterTime)
  case json(JSONRoot, path: [String], JSONTest)
  case word(FilterPattern)

  /// Texts that are compared as a whole.
  enum TextField: String, Sendable, CaseIterable {
    case task, queue, worker, tag, id, reason, group, root, parent
  }

  /// Whole numbers.
  enum NumberField: String, Sendable, CaseIterable {
    case priority, attempts
  }

  /// Moments.
  enum TimeField: String, Sendable, CaseIterable {
    case created, started, finished
  }

  /// Values that a path leads into.
  enum JSONRoot: String, Sendable, CaseIterable {
    case args, kwargs, result
  }

  /// What is asked of a value.
  enum JSONTest: Sendable, Hashable {
    /// There is one.
    case exists
    case matches(FilterPattern)
    /// Numbers as numbers, texts by their bytes.
    case compares(FilterComparison, FilterPattern)
  }

  var description: String {
    switch self {
    case .state(let states): "state:" + states.map(\.rawValue).sorted().joined(separator: ",")
    case .text(let field, let pattern): "\(field.rawValue):\(pattern)"
    case .error(let pattern): "error:\(pattern)"
    case .number(let field, let comparison, let number): "\(field.rawValue):\(comparison.rawValue)\(number)"
    case .time(let field, let time): "\(field.rawValue):\(time)"
    case .json(let root, let path, let test): ([root.rawValue] + path).joined(separator: ".") + ":\(test)"
    case .word(let pattern): "\(pattern)"
    }
  }
}

extension FilterTerm.JSONTest: CustomStringConvertible {
  var description: String {
    switch self {
    case .exists: "*"
    case .matches(let pattern):
      pattern.isQuoted || FilterComparison.split(pattern.text).rest == pattern.text ? "\(pattern)" : "=\(pattern)"
    case .compares(let comparison, let pattern): comparison.rawValue + pattern.text
    }
  }
}

/// How two values must stand to each other.
enum FilterComparison: String, Sendable, CaseIterable {
  case equal = ""
  case less = "<"
  case atMost = "<="
  case more = ">"
  case atLeast = ">="

  /// Takes the comparison off the front of a text.
  static func split(_ text: String) -> (comparison: FilterComparison, rest: String) {
    for comparison in [FilterComparison.atMost, .atLeast, .less, .more] where text.hasPrefix(comparison.rawValue) {
      return (comparison, String(text.dropFirst(comparison.rawValue.count)))
    }
    return text.hasPrefix("=") ? (.equal, String(text.dropFirst())) : (.equal, text)
  }

  func holds<Value: Comparable>(_ found: Value, _ wanted: Value) -> Bool {
    switch self {
    case .equal: found == wanted
    case .less: found < wanted
    case .atMost: found <= wanted
    case .more: found > wanted
    case .atLeast: found >= wanted
    }
  }
}
