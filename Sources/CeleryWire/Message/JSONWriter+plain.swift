import CelerityJSON

/// Members whose names are those of a format: writing a message is on the way of every task, and most of it is names.
extension JSONWriter {
  mutating func put(_ name: StaticString, _ value: String) {
    key(plain: name)
    string(value)
  }

  mutating func put(_ name: StaticString, orNull value: String?) {
    key(plain: name)
    if let value { string(value) } else { null() }
  }

  mutating func put(_ name: StaticString, ifPresent value: String?) {
    if let value { put(name, value) }
  }

  mutating func put(_ name: StaticString, _ value: RawJSON) {
    key(plain: name)
    raw(value)
  }

  mutating func put(_ name: StaticString, _ value: Int) {
    key(plain: name)
    // Most numbers are small; their text is at hand.
    if Self.digits.indices.contains(value) { raw(Self.digits[value]) } else { integer(value) }
  }

  mutating func put(_ name: StaticString, orNull value: Int?) {
    if let value { put(name, value) } else { put(name, .null) }
  }

  private static let digits = (0..<10).map { RawJSON.integer(Int64($0)) }
}
