/// The member names of the objects that are open, to find two of one name within an object.
///
/// An inner object's names lie above those of the objects around it and are forgotten when it closes, so the names
/// of the object that closes are always the last ones. Up to 32 are compared pair by pair; more are sorted. The
/// order is total down to the bytes, so an attacker who makes all fingerprints equal gains nothing, and no seed is needed.
struct NameLedger {
  private struct Entry {
    /// Where the name stands in the text.
    let place: Range<Int>
    /// Where the unescaped name is: in the text itself, or in `unescaped` when `isEscaped`.
    let content: Range<Int>
    let isEscaped: Bool
    let fingerprint: UInt64
  }

  private var entries: [Entry] = []
  private var unescaped: [UInt8] = []
  /// How many names were recorded ever.
  private(set) var total = 0

  /// How many names are recorded now.
  var count: Int { entries.count }

  /// Records the name at `place`; answers whether it holds U+0000.
  mutating func record(_ place: Range<Int>, isEscaped: Bool, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    total &+= 1
    guard isEscaped else {
      let fingerprint = UnsafeBufferPointer(rebasing: text[place]).fingerprint
      entries.append(Entry(place: place, content: place, isEscaped: false, fingerprint: fingerprint))
      return false
    }
    let start = unescaped.count
    UnsafeBufferPointer(rebasing: text[place]).unescape(into: &unescaped)
    let content = start..<unescaped.count
    let fingerprint = unescaped.withUnsafeBufferPointer { UnsafeBufferPointer(rebasing: $0[content]).fingerprint }
    entries.append(Entry(place: place, content: content, isEscaped: true, fingerprint: fingerprint))
    return unescaped[content].contains(0)
  }

  /// Drops the names from number `base` on.
  mutating func forget(since base: Int) {
    entries.removeSubrange(base...)
  }

  /// The earliest place whose name already stood before it in the same object, among the names from number `base` on.
  func firstDuplicate(since base: Int, in text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    entries.count &- base <= 32
      ? firstDuplicatePair(since: base, in: text) : firstDuplicateSorted(since: base, in: text)
  }

  private func firstDuplicatePair(since base: Int, in text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    for later in base..<entries.count {
      for earlier in base..<later where entries[earlier].fingerprint == entries[later].fingerprint {
        if order(entries[earlier], entries[later], in: text) == 0 { return entries[later].place }
      }
    }
    return nil
  }

  private func firstDuplicateSorted(since base: Int, in text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    let sorted = entries[base...].sorted { left, right in
      let order = order(left, right, in: text)
      return order < 0 || (order == 0 && left.place.lowerBound < right.place.lowerBound)
    }
    let repeated = zip(sorted, sorted.dropFirst()).filter { order($0, $1, in: text) == 0 }
    return repeated.map(\.1.place).min { $0.lowerBound < $1.lowerBound }
  }

  /// Negative, zero or positive: by fingerprint, then by length, then by bytes.
  private func order(_ left: Entry, _ right: Entry, in text: UnsafeBufferPointer<UInt8>) -> Int {
    if left.fingerprint != right.fingerprint { return left.fingerprint < right.fingerprint ? -1 : 1 }
    if left.content.count != right.content.count { return left.content.count - right.content.count }
    return unescaped.withUnsafeBufferPointer { unescaped in
      let pairs = zip(
        (left.isEscaped ? unescaped : text)[left.content], (right.isEscaped ? unescaped : text)[right.content])
      for (one, other) in pairs where one != other { return Int(one) - Int(other) }
      return 0
    }
  }
}

extension UnsafeBufferPointer where Element == UInt8 {
  /// A number that differs for most different names: the first and last eight bytes and the length, spread by two odd
  /// multipliers (the golden ratio and the square root of 2, in 64-bit fixed point).
  fileprivate var fingerprint: UInt64 {
    guard let base = baseAddress, count > 0 else { return 0 }
    let raw = UnsafeRawPointer(base)
    var head: UInt64 = 0
    var tail: UInt64 = 0
    if count >= 8 {
      head = raw.loadUnaligned(as: UInt64.self)
      tail = raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    } else {
      for index in 0..<count { head = head &<< 8 | UInt64(self[index]) }
    }
    let mixed = (head &+ UInt64(count)) &* 0x9E37_79B9_7F4A_7C15 ^ tail &* 0x6A09_E667_F3BC_C909
    return mixed ^ mixed &>> 32
  }
}
