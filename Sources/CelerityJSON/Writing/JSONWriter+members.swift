/// A name and its value in one call.
extension JSONWriter {
  /// A member that is a string.
  public mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  /// A member that is an integer.
  public mutating func member<Value: FixedWidthInteger>(_ name: String, _ value: Value) {
    key(name)
    integer(value)
  }

  /// A member that is a number; `null` when it is not finite.
  public mutating func member(_ name: String, _ value: Double) {
    key(name)
    double(value)
  }

  /// A member that is a boolean.
  public mutating func member(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }

  /// A member of any value.
  public mutating func member(_ name: String, _ value: RawJSON) {
    key(name)
    raw(value)
  }

  /// A member that is a string, left out when nil.
  public mutating func member(_ name: String, ifPresent value: String?) {
    if let value { member(name, value) }
  }

  /// A member that is an integer, left out when nil.
  public mutating func member<Value: FixedWidthInteger>(_ name: String, ifPresent value: Value?) {
    if let value { member(name, value) }
  }

  /// A member that is a number, left out when nil.
  public mutating func member(_ name: String, ifPresent value: Double?) {
    if let value { member(name, value) }
  }

  /// A member that is a boolean, left out when nil.
  public mutating func member(_ name: String, ifPresent value: Bool?) {
    if let value { member(name, value) }
  }

  /// A member of any value, left out when nil.
  public mutating func member(_ name: String, ifPresent value: RawJSON?) {
    if let value { member(name, value) }
  }

  /// A member that is a string or `null`.
  public mutating func member(_ name: String, orNull value: String?) {
    key(name)
    if let value { string(value) } else { null() }
  }

  /// A member that is an integer or `null`.
  public mutating func member<Value: FixedWidthInteger>(_ name: String, orNull value: Value?) {
    key(name)
    if let value { integer(value) } else { null() }
  }

  /// A member that is a number or `null`.
  public mutating func member(_ name: String, orNull value: Double?) {
    key(name)
    if let value { double(value) } else { null() }
  }

  /// A member that is a boolean or `null`.
  public mutating func member(_ name: String, orNull value: Bool?) {
    key(name)
    if let value { bool(value) } else { null() }
  }

  /// A member of any value or `null`.
  public mutating func member(_ name: String, orNull value: RawJSON?) {
    key(name)
    if let value { raw(value) } else { null() }
  }

  /// A member that is an object; `body` writes its members.
  public mutating func member<Failure: Error>(
    _ name: String, object body: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) {
    key(name)
    beginObject()
    try body(&self)
    endObject()
  }

  /// A member that is an array; `body` writes its elements.
  public mutating func member<Failure: Error>(
    _ name: String, array body: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) {
    key(name)
    beginArray()
    try body(&self)
    endArray()
  }
}
