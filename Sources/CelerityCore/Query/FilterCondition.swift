/// Terms and how they hang together.
indirect enum FilterCondition: Sendable, Hashable {
  case all([FilterCondition])
  case any([FilterCondition])
  case not(FilterCondition)
  case term(FilterTerm)

  /// Where a condition is written, which decides about parentheses.
  enum Place {
    case alternative, conjunction, negation
  }

  func holds(for subject: inout FilterSubject) -> Bool {
    switch self {
    case .all(let parts):
      for part in parts where !part.holds(for: &subject) { return false }
      return true
    case .any(let parts):
      for part in parts where part.holds(for: &subject) { return true }
      return false
    case .not(let part): return !part.holds(for: &subject)
    case .term(let term): return subject.satisfies(term)
    }
  }

  /// Terms without which nothing is wanted.
  var required: [FilterTerm] {
    switch self {
    case .all(let parts): parts.flatMap(\.required)
    case .term(let term): [term]
    case .any, .not: []
    }
  }

  /// Joins conditions of which all must hold.
  static func joined(_ parts: [FilterCondition]) -> FilterCondition {
    let flat = parts.flatMap { if case .all(let inner) = $0 { inner } else { [$0] } }
    return flat.count == 1 ? flat[0] : .all(flat)
  }

  /// Joins conditions of which one must hold.
  static func alternative(_ parts: [FilterCondition]) -> FilterCondition {
    let flat = parts.flatMap { if case .any(let inner) = $0 { inner } else { [$0] } }
    return flat.count == 1 ? flat[0] : .any(flat)
  }

  func text(inside place: Place) -> String {
    switch self {
    case .all(let parts):
      let text = parts.map { $0.text(inside: .conjunction) }.joined(separator: " ")
      return place == .negation ? "(\(text))" : text
    case .any(let parts):
      let text = parts.map { $0.text(inside: .alternative) }.joined(separator: " OR ")
      return place == .alternative ? text : "(\(text))"
    case .not(let part): return "-" + part.text(inside: .negation)
    case .term(let term): return term.description
    }
  }
}
