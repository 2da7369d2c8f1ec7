import CelerityCore
import CelerityJSON

/// One call being mapped onto a table's parameters.
struct Binding {
  /// Where in the call a parameter's value stands, for issues found after the mapping.
  private enum Origin {
    case value(pointer: String)
    /// All positional arguments from a place on.
    case rest(from: Int)
  }

  private let table: ParameterTable
  private var values: [RawJSON?]
  private var origins: [Origin?]
  private var issues: [ArgumentError.Issue] = []

  /// How many issues are told, and for how many of them a name is guessed: what a call costs must not grow with what is
  /// wrong with it.
  private static let (issueLimit, guessLimit) = (50, 10)

  init(table: ParameterTable) {
    self.table = table
    values = Array(repeating: nil, count: table.parameters.count)
    origins = Array(repeating: nil, count: table.parameters.count)
  }

  mutating func refuse(_ pointer: String, _ detail: String) {
    guard issues.count < Self.issueLimit else { return }
    issues.append(.init(pointer: pointer, detail: detail))
  }

  mutating func bind(positional elements: [RawJSON]) {
    for (index, element) in elements.enumerated() {
      guard index < table.parameters.count else {
        let most = table.parameters.count
        refuse("/args/\(index)", "\(table.task) takes at most \(most) positional argument\(most == 1 ? "" : "s")")
        return
      }
      if table.parameters[index].argument?.isVariadic == true {
        values[index] = .array(Array(elements[index...]))
        origins[index] = .rest(from: index)
        return
      }
      take(element, index, "/args/\(index)")
    }
  }

  mutating func bind(keyword name: String, _ value: RawJSON, place: Int?) {
    let pointer = "/kwargs" + jsonPointer([TextKey(stringValue: name)])
    guard let place else {
      let guess = issues.count < Self.guessLimit ? closestMatch(to: name, among: table.names) : nil
      let hint = guess.map { "; did you mean '\($0)'?" } ?? ""
      return refuse(pointer, "\(table.task) has no parameter '\(name)'\(hint)")
    }
    guard values[place] == nil else { return refuse(pointer, "'\(name)' is given twice") }
    take(value, place, pointer)
  }

  private mutating func take(_ value: RawJSON, _ place: Int, _ pointer: String) {
    if let issue = table.parameters[place].argument?.boundIssue(value) { refuse(pointer, issue) }
    values[place] = value
    origins[place] = .value(pointer: pointer)
  }

  /// The object of all values and defaults.
  func finish() throws(ArgumentError) -> RawJSON {
    var members: [(String, RawJSON)] = []
    var issues = issues
    for (place, parameter) in table.parameters.enumerated() {
      if let value = values[place] ?? parameter.argument?.defaultValue {
        members.append((parameter.name, value))
      } else if parameter.isRequired {
        let pointer = "/kwargs" + jsonPointer([TextKey(stringValue: parameter.name)])
        issues.append(.init(pointer: pointer, detail: "is missing"))
      }
    }
    guard issues.isEmpty else { throw ArgumentError(task: table.task, issues: issues) }
    return .object(members)
  }

  /// What a decoder found wrong with the object, at the place in the call the value came from.
  func issue(_ error: DecodingError) -> ArgumentError.Issue {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      .init(pointer: pointer(context.codingPath), detail: context.debugDescription)
    case .keyNotFound(let key, let context):
      .init(pointer: pointer(context.codingPath + [key]), detail: "is missing")
    @unknown default:
      .init(pointer: "/kwargs", detail: "\(error)")
    }
  }

  /// What an input refused, at the place in the call the value came from.
  func issue(refusal error: any Error) -> ArgumentError.Issue {
    guard let refusal = error as? any InputRefusal else { return .init(pointer: "/kwargs", detail: "\(error)") }
    return .init(pointer: pointer(refusal.pointer), detail: refusal.detail)
  }

  private func pointer(_ text: String) -> String {
    // Only the name and the index behind it decide about the place; RFC 6901, 4 says how they are read.
    let path = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { step in
      TextKey(stringValue: String(step.replacing("~1", with: "/").replacing("~0", with: "~")))
    }
    return pointer(path)
  }

  private func pointer(_ path: [any CodingKey]) -> String {
    guard let name = path.first?.stringValue,
      let place = table.parameters.firstIndex(where: { $0.name == name }), let origin = origins[place]
    else { return "/kwargs" + jsonPointer(path) }
    switch origin {
    case .value(let pointer): return pointer + jsonPointer(Array(path.dropFirst()))
    case .rest(let start):
      guard path.count > 1, let index = path[1].intValue else { return "/args" }
      return "/args/\(start + index)" + jsonPointer(Array(path.dropFirst(2)))
    }
  }
}

extension Argument {
  /// What is wrong with a number outside the bounds; `nil` for all else, types are the decoder's business.
  func boundIssue(_ value: RawJSON) -> String? {
    if let minimum, let order = Self.order(value, minimum), order < 0 || (order == 0 && isMinimumExclusive) {
      return "must be \(isMinimumExclusive ? "greater than" : "at least") \(Self.text(minimum))"
    }
    if let maximum, let order = Self.order(value, maximum), order > 0 { return "must be at most \(Self.text(maximum))" }
    return nil
  }

  /// Below zero where a number is below a bound, above zero where it is above. Integers are compared exactly: beyond
  /// 2^53 their nearest `Double` may be the bound although they are not.
  private static func order(_ value: RawJSON, _ bound: Double) -> Int? {
    if let integer = value.int64Value, let floor = Int64(exactly: bound.rounded(.down)) {
      if integer != floor { return integer < floor ? -1 : 1 }
      return bound == bound.rounded(.down) ? 0 : -1
    }
    guard let number = value.doubleValue else { return nil }
    return number == bound ? 0 : number < bound ? -1 : 1
  }

  private static func text(_ number: Double) -> String {
    Int64(exactly: number).map(String.init) ?? String(number)
  }
}

private struct TextKey: CodingKey {
  var stringValue: String
  /// An index is written like a name.
  var intValue: Int? { Int(stringValue) }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
