/// A set of small numbers (0 to 63) in one word: the values a crontab field allows.
struct FieldSet: Hashable, Sendable {
  private(set) var bits: UInt64

  init(bits: UInt64 = 0) {
    self.bits = bits
  }

  init(_ range: ClosedRange<Int>) {
    self.bits = (UInt64.max >> UInt64(63 - range.upperBound)) & (UInt64.max << UInt64(range.lowerBound))
  }

  var isEmpty: Bool { bits == 0 }
  var count: Int { bits.nonzeroBitCount }
  var min: Int? { first(from: 0) }
  var max: Int? { last(through: 63) }

  /// The members in ascending order.
  var members: [Int] { (0..<64).filter(contains) }

  mutating func insert(_ value: Int) {
    bits |= 1 << UInt64(value)
  }

  func contains(_ value: Int) -> Bool {
    bits & (1 << UInt64(value)) != 0
  }

  /// The smallest member that is `value` or more.
  func first(from value: Int) -> Int? {
    let rest = bits & (UInt64.max << value)
    return rest == 0 ? nil : rest.trailingZeroBitCount
  }

  /// The largest member that is `value` or less.
  func last(through value: Int) -> Int? {
    let rest = bits & (UInt64.max >> (63 - value))
    return rest == 0 ? nil : 63 - rest.leadingZeroBitCount
  }

  func intersection(_ other: FieldSet) -> FieldSet {
    FieldSet(bits: bits & other.bits)
  }
}
