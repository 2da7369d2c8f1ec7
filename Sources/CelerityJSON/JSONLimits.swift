/// How much a JSON text may ask of its reader.
///
/// RFC 8259, section 9 lets an implementation set limits on the size of texts, the depth of nesting, the range and
/// precision of numbers and the length of strings. A text over a limit is refused as a whole, never cut.
public struct JSONLimits: Sendable, Hashable {
  /// The longest text, in bytes, surrounding whitespace included.
  public var maximumBytes: Int
  /// The deepest nesting: a scalar has depth 0, `[]` has 1, `[{}]` has 2.
  public var maximumDepth: Int
  /// The most object members in the whole text, all objects taken together.
  public var maximumMembers: Int
  /// The longest string or member name, in bytes between its quotes as written.
  public var maximumStringBytes: Int
  /// The most digits of one number, those of its fraction and exponent included.
  public var maximumNumberDigits: Int
  /// Whether a number may be too large for a finite `Double`, as `1e400` is.
  public var allowsNumbersBeyondDouble: Bool
  /// Whether a member name may hold U+0000, at which C-minded consumers would cut it.
  public var allowsNulInNames: Bool

  /// Limits are those of ``standard`` where nothing else is said.
  public init(
    maximumBytes: Int = 16 << 20, maximumDepth: Int = 64, maximumMembers: Int = 10_000,
    maximumStringBytes: Int = 1 << 20, maximumNumberDigits: Int = 40,
    allowsNumbersBeyondDouble: Bool = false, allowsNulInNames: Bool = false
  ) {
    self.maximumBytes = maximumBytes
    self.maximumDepth = maximumDepth
    self.maximumMembers = maximumMembers
    self.maximumStringBytes = maximumStringBytes
    self.maximumNumberDigits = maximumNumberDigits
    self.allowsNumbersBeyondDouble = allowsNumbersBeyondDouble
    self.allowsNulInNames = allowsNulInNames
  }

  /// For text from outside.
  public static let standard = JSONLimits()

  /// For text from our own processes: the grammar is as strict, the sizes are bounded by memory, depth by 512.
  public static let trusted = JSONLimits(
    maximumBytes: .max, maximumDepth: 512, maximumMembers: .max, maximumStringBytes: .max, maximumNumberDigits: .max,
    allowsNumbersBeyondDouble: true, allowsNulInNames: true)
}
