/// The value of an integer literal (`-`, digits, nothing else) that fits `Value`; nil for every other text.
///
/// The value is collected as a negative number because two's complement reaches one further there.
func exactInteger<Value: FixedWidthInteger>(_ text: UnsafeBufferPointer<UInt8>) -> Value? {
  let isNegative = text.first == UInt8(ascii: "-")
  let digits = text[(isNegative ? 1 : 0)...]
  guard !digits.isEmpty else { return nil }
  var value: Value = 0
  for byte in digits {
    guard byte.isDigit else { return nil }
    let digit = Value(truncatingIfNeeded: byte &- UInt8(ascii: "0"))
    let (product, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
    guard !overflow, !carry else { return nil }
    value = sum
  }
  return value
}
