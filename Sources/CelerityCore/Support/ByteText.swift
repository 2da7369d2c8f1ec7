/// A text that equals another only byte by byte, as keys do in stores: `String` takes canonically equivalent spellings
/// for one.
public struct ByteText: Sendable, Hashable, Comparable {
  public let text: String

  /// A text as a key.
  public init(_ text: String) { self.text = text }

  public static func == (a: ByteText, b: ByteText) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  public static func < (a: ByteText, b: ByteText) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }

  /// Whether it begins with these bytes.
  public func hasPrefix(_ prefix: String) -> Bool { text.utf8.starts(with: prefix.utf8) }
}
