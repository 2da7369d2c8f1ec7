import CelerityJSON
import CelerityRoutes

/// Reads the members of a body and collects everything that is wrong with them. Unknown members are tolerated.
struct BodyReader {
  private let members: [String: RawJSON]
  private(set) var issues: [RouteError.Issue] = []

  /// A reader of a request's body, which must be an object.
  init(_ request: RouteRequest) throws(RouteError) {
    guard let members = try request.json().members() else {
      throw ItemsEnvelope.invalid([.init(pointer: "/body", detail: "the body must be an object")])
    }
    self.members = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
  }

  /// Whether there is such a member.
  func has(_ name: String) -> Bool { members[name] != nil }

  /// A text of so many characters; `nil` when there is none, or when it is wrong.
  mutating func text(_ name: String, _ lengths: ClosedRange<Int>, isNullable: Bool = false) -> String? {
    guard let value = members[name], !(isNullable && value.isNull) else { return nil }
    // Counted as Python and JSON Schema count: in code points.
    guard let text = value.stringValue, lengths.contains(text.unicodeScalars.count) else {
      refuse(
        name,
        lengths.lowerBound > 0
          ? "must be a text of \(lengths.lowerBound) to \(lengths.upperBound) characters"
          : "must be a text of at most \(lengths.upperBound) characters")
      return nil
    }
    return text
  }

  /// A whole number; `nil` when there is none, or when it is wrong.
  mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int? {
    guard let value = members[name] else { return nil }
    // 5.0 is a whole number, to JSON Schema and to Python.
    guard let number = value.doubleValue.flatMap(Int.init(exactly:)), range.contains(number) else {
      refuse(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// One of some words; `nil` when there is none, or when it is wrong.
  mutating func word<Word: RawRepresentable & CaseIterable>(_ name: String, _ type: Word.Type) -> Word?
  where Word.RawValue == String {
    guard let value = members[name] else { return nil }
    guard let word = value.stringValue.flatMap(Word.init(rawValue:)) else {
      refuse(name, "must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
      return nil
    }
    return word
  }

  /// An object of at most so many bytes; `nil` when there is none, or when it is wrong.
  mutating func object(_ name: String, longest: Int) -> RawJSON? {
    guard let value = members[name] else { return nil }
    guard value.kind == .object, value.bytes.count <= longest else {
      refuse(name, "must be an object of at most \(longest) bytes")
      return nil
    }
    return value
  }

  /// Notes that a member is missing.
  mutating func require(_ name: String) {
    if !has(name) { refuse(name, "is required") }
  }

  /// Notes that a member is wrong.
  mutating func refuse(_ name: String, _ detail: String) {
    issues.append(.init(pointer: "/body/\(name)", detail: detail))
  }

  /// Throws what was noted.
  func finish() throws(RouteError) {
    if !issues.isEmpty { throw ItemsEnvelope.invalid(issues) }
  }
}
