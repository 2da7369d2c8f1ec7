/// Writes one JSON text (RFC 8259) into a buffer.
///
/// Commas and colons come by themselves. Calls out of order (a value without its name, an end without its begin, a
/// second outermost value) are programming errors and trap, so that ``finish()`` always has a valid text; that names differ
/// is the caller's to see to.
public struct JSONWriter: Sendable {
  private enum Expectation {
    case value
    case nameOrEnd
    case elementOrEnd
    case nothing
  }

  /// The text so far.
  public var bytes: [UInt8]
  private var expected = Expectation.value
  private var needsComma = false
  /// Whether each open container is an object.
  private var open: [Bool] = []

  /// A writer with room for `capacity` bytes.
  public init(reservingCapacity capacity: Int = 0) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// `{`
  public mutating func beginObject() {
    begin(UInt8(ascii: "{"), isObject: true)
  }

  /// `}`
  public mutating func endObject() {
    end(UInt8(ascii: "}"), isObject: true)
  }

  /// `[`
  public mutating func beginArray() {
    begin(UInt8(ascii: "["), isObject: false)
  }

  /// `]`
  public mutating func endArray() {
    end(UInt8(ascii: "]"), isObject: false)
  }

  /// The name of the next value.
  public mutating func key(_ name: String) {
    precondition(expected == .nameOrEnd, "a name belongs into an object, before its value")
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    bytes.appendQuoted(name)
    bytes.append(UInt8(ascii: ":"))
    expected = .value
  }

  /// The name of the next value where it is known to need no escape, as the names of a format are.
  public mutating func key(plain name: StaticString) {
    precondition(expected == .nameOrEnd, "a name belongs into an object, before its value")
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    expected = .value
  }

  /// `null`
  public mutating func null() {
    startValue()
    bytes.append(contentsOf: "null".utf8)
    endValue()
  }

  /// `true` or `false`
  public mutating func bool(_ value: Bool) {
    startValue()
    bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
    endValue()
  }

  /// A string; only what must be is escaped.
  public mutating func string(_ value: String) {
    startValue()
    bytes.appendQuoted(value)
    endValue()
  }

  /// An integer of any width, all digits.
  public mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
    startValue()
    bytes.appendDecimal(value)
    endValue()
  }

  /// The shortest form that reads back as the same number; `null` for infinities and not-a-number, which JSON lacks
  /// (as `JSON.stringify` does, ECMA-262, section 25.5.2).
  public mutating func double(_ value: Double) {
    value.isFinite ? number(value.description) : null()
  }

  /// A number whose text is valid JSON already, as what the standard library prints for finite numbers is.
  mutating func number(_ text: String) {
    startValue()
    bytes.append(contentsOf: text.utf8)
    endValue()
  }

  /// A value, its text unchanged.
  public mutating func raw(_ value: RawJSON) {
    startValue()
    bytes.append(contentsOf: value.bytes)
    endValue()
  }

  /// The finished text.
  public consuming func finish() -> RawJSON {
    precondition(expected == .nothing, "the text is not complete")
    return RawJSON(unchecked: bytes)
  }

  private mutating func startValue() {
    precondition(expected == .value || expected == .elementOrEnd, "a value is not expected here")
    if expected == .elementOrEnd, needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func endValue() {
    needsComma = true
    expectNext()
  }

  private mutating func begin(_ bracket: UInt8, isObject: Bool) {
    startValue()
    bytes.append(bracket)
    open.append(isObject)
    needsComma = false
    expectNext()
  }

  private mutating func end(_ bracket: UInt8, isObject: Bool) {
    precondition(expected == (isObject ? .nameOrEnd : .elementOrEnd), "the end of a container is not expected here")
    bytes.append(bracket)
    open.removeLast()
    endValue()
  }

  private mutating func expectNext() {
    switch open.last {
    case true?: expected = .nameOrEnd
    case false?: expected = .elementOrEnd
    case nil: expected = .nothing
    }
  }
}
