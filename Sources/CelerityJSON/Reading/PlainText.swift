extension UnsafeBufferPointer where Element == UInt8 {
  /// The first byte from `position` on that is not plain inside a string: a quote, a backslash, a control character or
  /// any byte outside ASCII; the end of the buffer when all are plain.
  ///
  /// Eight bytes are tested at once in one register. The tests for a zero byte and for a byte below a bound are those
  /// of H. S. Warren, Hacker's Delight, 2nd edition, section 6-1; they may mark bytes above the first true hit, hence
  /// only the lowest mark counts.
  func endOfPlainText(from position: Int) -> Int {
    guard let base = baseAddress else { return position }
    var index = position
    while index &+ 8 <= count {
      let word = UInt64(
        littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
      let marks = word.specialBytes
      if marks != 0 { return index &+ marks.trailingZeroBitCount &>> 3 }
      index &+= 8
    }
    while index < count, base[index].isPlain { index &+= 1 }
    return index
  }
}

extension UInt64 {
  /// The top bit of the first byte that is not plain, and perhaps of later ones; 0 when all eight are plain.
  fileprivate var specialBytes: UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    let quotes = self ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslashes = self ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let controls = (self &- ones &* 0x20) & ~self
    let matches = ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
    return (matches | controls | self) & tops
  }
}

extension UInt8 {
  fileprivate var isPlain: Bool {
    self >= 0x20 && self < 0x80 && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\")
  }
}
