import CelerityCore
import CelerityJSON
import CelerityRoutes

/// Reads the members of one JSON object and collects everything that is wrong with them, so that a client is told all of
/// it at once. A member that is `null` counts as left out.
struct FieldReader {
  /// Where the object is in the body, as a JSON pointer.
  let place: String
  /// At most `issueLimit`: nobody mends more at once, and an answer must not be a multiple of its request.
  private(set) var issues: [RouteError.Issue] = []
  /// Names that are not among the known ones, each with the nearest known one.
  private(set) var strangers: [(name: String, guess: String?)] = []
  /// Whether there are members to be looked at.
  private(set) var isObject = true
  private var members: [String: RawJSON] = [:]

  /// Names that other systems have for a field: no letters in common, so no distance finds them.
  private static let customaryNames = ["name": "task", "task_name": "task", "arguments": "kwargs", "params": "kwargs"]

  /// How many issues are told.
  static let issueLimit = 50
  /// How many unknown names are compared with the known ones.
  private static let guessLimit = 10

  /// The members of an object; an issue when it is none.
  init(_ value: RawJSON, at place: String = "", known: [String]) {
    self.place = place
    guard let members = value.members() else {
      issues.append(RouteError.Issue(pointer: place, detail: "must be an object"))
      isObject = false
      return
    }
    for member in members {
      if !known.contains(member.name) {
        let guess = strangers.count < Self.guessLimit ? Self.guess(member.name, known) : nil
        if strangers.count < Self.issueLimit { strangers.append((member.name, guess)) }
        refuse(member.name, "is no known field" + (guess.map { "; did you mean '\($0)'?" } ?? ""))
      } else if !member.value.isNull {
        self.members[member.name] = member.value
      }
    }
  }

  private static func guess(_ name: String, _ known: [String]) -> String? {
    if let customary = customaryNames[name], known.contains(customary) { return customary }
    return closestMatch(to: name, among: known)
  }

  /// Notes an issue of a member.
  mutating func refuse(_ name: String, _ detail: String) {
    guard issues.count < Self.issueLimit else { return }
    // RFC 6901, 3: `~` and `/` are escaped inside a pointer.
    let escaped = name.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
    issues.append(RouteError.Issue(pointer: place + "/" + escaped, detail: detail))
  }

  /// Takes over the issues of an object inside this one.
  mutating func adopt(_ inner: FieldReader) { issues += inner.issues.prefix(Self.issueLimit - issues.count) }

  /// Throws 422 when anything is wrong.
  func finish() throws(RouteError) {
    guard let first = issues.first else { return }
    if let stranger = strangers.first {
      throw RouteError(
        422, "unknown-field", "there is no field '\(stranger.name)'", issues: issues,
        hint: stranger.guess.map { "did you mean '\($0)'?" })
    }
    let place = first.pointer.isEmpty ? "the body" : first.pointer
    throw RouteError(422, "invalid-request", "\(place) \(first.detail)", issues: issues)
  }

  /// Whether a member is there.
  func has(_ name: String) -> Bool { members[name] != nil }

  /// A member as it is.
  subscript(name: String) -> RawJSON? { members[name] }

  /// A member that must be of a kind.
  mutating func value(_ name: String, _ kind: RawJSON.Kind, _ expected: String) -> RawJSON? {
    guard let value = members[name] else { return nil }
    if value.kind != kind { refuse(name, "must be \(expected)") }
    return value.kind == kind ? value : nil
  }

  /// A string of a length in bytes.
  mutating func string(_ name: String, bytes: ClosedRange<Int>) -> String? {
    guard let text = value(name, .string, "a string")?.stringValue else { return nil }
    guard bytes.contains(text.utf8.count), !text.utf8.contains(0) else {
      refuse(name, "must have \(bytes.lowerBound) to \(bytes.upperBound) bytes and no NUL")
      return nil
    }
    return text
  }

  /// An integer of a range.
  mutating func integer(_ name: String, _ range: ClosedRange<Int64>) -> Int? {
    guard let value = members[name] else { return nil }
    guard let number = value.int64Value, range.contains(number) else {
      refuse(name, "must be an integer from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return Int(number)
  }

  /// A number of seconds; `isZeroLegal` says whether it may be 0.
  mutating func seconds(_ name: String, isZeroLegal: Bool = false) -> Duration? {
    guard let value = members[name] else { return nil }
    guard let number = value.doubleValue, isZeroLegal ? number >= 0 : number > 0,
      let duration = Duration(clientSeconds: number)
    else {
      refuse(name, "must be a number of seconds, \(isZeroLegal ? "0 or more" : "more than 0"), up to 100 years")
      return nil
    }
    return duration
  }

  /// A moment in RFC 3339.
  mutating func moment(_ name: String) -> Timestamp? {
    guard let text = value(name, .string, "a time of RFC 3339")?.stringValue else { return nil }
    guard let moment = Timestamp(text) else {
      refuse(name, "must be a time of RFC 3339, such as 2030-01-31T12:00:00Z")
      return nil
    }
    return moment
  }
}
