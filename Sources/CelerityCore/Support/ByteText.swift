#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A text that equals another only byte by byte, as keys do in stores: `String` takes canonically equivalent spellings
/// for one.
public struct ByteText: Sendable, Hashable, Comparable {
  public let text: String

  /// A text as a key.
  public init(_ text: String) { self.text = text }

  public static func == (a: ByteText, b: ByteText) -> Bool { a.text.hasBytes(of: b.text) }

  public static func < (a: ByteText, b: ByteText) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }

  /// Whether it begins with these bytes.
  public func hasPrefix(_ prefix: String) -> Bool { text.utf8.starts(with: prefix.utf8) }
}

extension String {
  /// Whether both are the same bytes; `==` takes canonically equivalent spellings for one.
  func hasBytes(of other: String) -> Bool {
    let (mine, theirs) = (utf8, other.utf8)
    if mine.count != theirs.count { return false }
    let isSame = mine.withContiguousStorageIfAvailable { mine in
      theirs.withContiguousStorageIfAvailable { theirs in
        guard let mine = mine.baseAddress, let others = theirs.baseAddress else { return theirs.isEmpty }
        return memcmp(mine, others, theirs.count) == 0
      }
    }
    return (isSame ?? nil) ?? mine.elementsEqual(theirs)
  }
}
