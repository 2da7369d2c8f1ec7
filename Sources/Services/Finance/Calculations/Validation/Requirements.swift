/// Refuses a number that is not finite or not in `minimum...maximum`.
func requireNumber(
  _ value: Double, from minimum: Double, through maximum: Double, at field: @autoclosure () -> FieldPath
) throws(FinanceError) {
  guard value.isFinite else { throw notFinite(at: field()) }
  guard value >= minimum, value <= maximum else {
    throw FinanceError(.outOfRange, at: field(), "must be from \(plain(minimum)) to \(plain(maximum))")
  }
}

/// Refuses a number that is not finite, not above `bound` or over `maximum`.
func requireNumber(
  _ value: Double, above bound: Double, through maximum: Double, at field: @autoclosure () -> FieldPath
) throws(FinanceError) {
  guard value.isFinite else { throw notFinite(at: field()) }
  guard value > bound, value <= maximum else {
    throw FinanceError(
      .outOfRange, at: field(), "must be greater than \(plain(bound)) and at most \(plain(maximum))")
  }
}

/// Refuses a whole number outside a range.
func requireInteger(
  _ value: Int, in range: ClosedRange<Int>, at field: @autoclosure () -> FieldPath
) throws(FinanceError) {
  guard range.contains(value) else {
    throw FinanceError(.outOfRange, at: field(), "must be from \(range.lowerBound) to \(range.upperBound)")
  }
}

/// Refuses an array with too few or too many elements.
func requireCount(
  _ count: Int, in range: ClosedRange<Int>, of noun: String, at field: @autoclosure () -> FieldPath
) throws(FinanceError) {
  guard count >= range.lowerBound else {
    throw FinanceError(.invalidValue, at: field(), "must have at least \(range.lowerBound) \(noun), not \(count)")
  }
  guard count <= range.upperBound else {
    throw FinanceError(.limitExceeded, at: field(), "must have at most \(range.upperBound) \(noun), not \(count)")
  }
}

/// Refuses a confidence level that is not strictly between 0 and 1.
func requireConfidence(_ level: Double, at field: @autoclosure () -> FieldPath) throws(FinanceError) {
  guard level.isFinite else { throw notFinite(at: field()) }
  guard level > 0, level < 1 else {
    throw FinanceError(.outOfRange, at: field(), "must be greater than 0 and less than 1")
  }
}

/// Refuses names that are empty, too long or used twice.
func requireNames(
  _ names: [String], of noun: String, at field: (Int) -> FieldPath
) throws(FinanceError) {
  var seen: [String: Int] = [:]
  for (index, name) in names.enumerated() {
    guard !name.isEmpty, name.unicodeScalars.count <= FinanceLimits.nameLength else {
      throw FinanceError(
        .invalidValue, at: field(index), "must have 1 to \(FinanceLimits.nameLength) characters")
    }
    if let first = seen.updateValue(index, forKey: name) {
      throw FinanceError(
        .invalidValue, at: field(index), "names the \(noun) that stands at index \(first) already")
    }
  }
}

private func notFinite(at field: FieldPath) -> FinanceError {
  FinanceError(.invalidValue, at: field, "must be a finite number")
}

/// A bound as people write it: `5` rather than `5.0`.
func plain(_ value: Double) -> String {
  Int(exactly: value).map(String.init) ?? "\(value)"
}
