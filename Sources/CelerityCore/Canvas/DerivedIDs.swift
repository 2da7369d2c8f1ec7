import Synchronization

/// Ids that follow from a name: UUIDs of version 8 (RFC 9562, 5.8), made of the name's SHA-256 and a count. Whoever works
/// out what follows an end gets the same ids, so that working it out again adds nothing.
public final class DerivedIDs: IDSource {
  private let name: String
  private let count = Mutex(0)

  /// The ids of a name, from the first one.
  public init(_ name: String) { self.name = name }

  public func next() -> String {
    let number = count.withLock { count in
      count += 1
      return count
    }
    var bytes = Array(SHA256.digest(Array("\(name)#\(number)".utf8)).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text.append(0x2D) }
      for digit in [byte >> 4, byte & 0xF] { text.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
