/// Reads tokens by recursive descent, one token ahead; its depth is bounded by `TaskFilter.deepestNesting`.
struct FilterParser {
  private let tokens: [FilterToken]
  /// Where the text ends.
  private let end: Int
  private let now: Timestamp
  private var position = 0
  private var terms = 0

  init(tokens: [FilterToken], end: Int, now: Timestamp) {
    self.tokens = tokens
    self.end = end
    self.now = now
  }

  mutating func filter() throws(TaskFilterError) -> FilterCondition {
    if tokens.isEmpty { return .all([]) }
    let condition = try alternative(depth: 0)
    if let rest = current { throw TaskFilterError("there is no parenthesis to close", at: rest.offset) }
    return condition
  }

  private mutating func alternative(depth: Int) throws(TaskFilterError) -> FilterCondition {
    var parts = [try conjunction(depth: depth)]
    while current?.kind == .or {
      position += 1
      parts.append(try conjunction(depth: depth))
    }
    return .alternative(parts)
  }

  private mutating func conjunction(depth: Int) throws(TaskFilterError) -> FilterCondition {
    var parts = [try factor(depth: depth)]
    while let token = current, token.kind != .or, token.kind != .close {
      if token.kind == .and { position += 1 }
      parts.append(try factor(depth: depth))
    }
    return .joined(parts)
  }

  private mutating func factor(depth: Int) throws(TaskFilterError) -> FilterCondition {
    guard let token = current else { throw TaskFilterError("a term is missing at the end", at: end) }
    guard depth <= TaskFilter.deepestNesting else {
      throw TaskFilterError("nested deeper than \(TaskFilter.deepestNesting) levels", at: token.offset)
    }
    position += 1
    switch token.kind {
    case .term(let value):
      terms += 1
      guard terms <= TaskFilter.mostTerms else {
        throw TaskFilterError("more than \(TaskFilter.mostTerms) terms", at: token.offset)
      }
      return .term(try FilterTerm(value, now: now))
    case .minus, .not:
      return .not(try factor(depth: depth + 1))
    case .open:
      if current?.kind == .close { throw TaskFilterError("nothing stands between the parentheses", at: token.offset) }
      let condition = try alternative(depth: depth + 1)
      guard current?.kind == .close else { throw TaskFilterError("the parenthesis is not closed", at: token.offset) }
      position += 1
      return condition
    case .and: throw missing(before: "AND", token)
    case .or: throw missing(before: "OR", token)
    case .close: throw TaskFilterError("a term is missing before the parenthesis", at: token.offset)
    }
  }

  private func missing(before word: String, _ token: FilterToken) -> TaskFilterError {
    TaskFilterError(
      "a term is missing before \(word)", at: token.offset, hint: "put it in quotes to search for the word")
  }

  private var current: FilterToken? { position < tokens.count ? tokens[position] : nil }
}
