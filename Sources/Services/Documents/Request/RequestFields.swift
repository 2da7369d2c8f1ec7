import CelerityJSON

/// The members of a request's body. Unknown ones are tolerated; one that is null counts as left out.
struct RequestFields {
  private let members: [String: RawJSON]

  /// Reads a body, which must be an object.
  init(_ body: RawJSON) throws(DocumentError) {
    guard let members = body.members() else {
      throw DocumentError(.malformedRequest, "the body must be an object", suggestedFix: "send a JSON object")
    }
    self.members = Dictionary(members.filter { !$0.value.isNull }.map { ($0.name, $0.value) }) { first, _ in first }
  }

  /// A member, `nil` when it is left out.
  func value(_ name: String) -> RawJSON? { members[name] }

  /// A member that must be there.
  func required(_ name: String) throws(DocumentError) -> RawJSON {
    guard let value = members[name] else {
      throw DocumentError(.missingParameter, "\(name) is missing", field: name, suggestedFix: "add \(name) to the body")
    }
    return value
  }

  /// A member that must be an object.
  func object(_ name: String) throws(DocumentError) -> RawJSON {
    let value = try required(name)
    guard value.kind == .object else { throw Self.malformed(name, "must be an object") }
    return value
  }

  /// A member that must be an array.
  func array(_ name: String) throws(DocumentError) -> [RawJSON] {
    guard let elements = try required(name).elements() else { throw Self.malformed(name, "must be an array") }
    return elements
  }

  /// A text, `nil` when it is left out.
  func text(_ name: String) throws(DocumentError) -> String? {
    guard let value = members[name] else { return nil }
    guard let text = value.stringValue else { throw Self.malformed(name, "must be a text") }
    return text
  }

  /// A text that must be there.
  func requiredText(_ name: String) throws(DocumentError) -> String {
    guard let text = try required(name).stringValue else { throw Self.malformed(name, "must be a text") }
    return text
  }

  /// A truth value.
  func flag(_ name: String, default defaultValue: Bool) throws(DocumentError) -> Bool {
    guard let value = members[name] else { return defaultValue }
    guard let flag = value.boolValue else { throw Self.malformed(name, "must be true or false") }
    return flag
  }

  /// A whole number within bounds.
  func integer(_ name: String, _ range: ClosedRange<Int>, default defaultValue: Int) throws(DocumentError) -> Int {
    guard let value = members[name] else { return defaultValue }
    guard let number = value.int64Value.map({ Int($0) }), range.contains(number) else {
      throw Self.malformed(name, "must be an integer from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// One of several words.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, of _: Choice.Type
  ) throws(DocumentError) -> Choice? where Choice.RawValue == String {
    guard let word = try text(name) else { return nil }
    guard let choice = Choice(rawValue: word) else {
      throw Self.notAmong(name, word, Choice.allCases.map(\.rawValue))
    }
    return choice
  }

  /// The error of a word that is none of those there are.
  static func notAmong(_ name: String, _ word: String, _ words: [String]) -> DocumentError {
    DocumentError(
      .malformedRequest, "\(name) can't be '\(word.shortened)'", field: name,
      suggestedFix: "use one of \(words.joined(separator: ", "))")
  }

  private static func malformed(_ name: String, _ detail: String) -> DocumentError {
    DocumentError(.malformedRequest, "\(name) \(detail)", field: name)
  }
}
