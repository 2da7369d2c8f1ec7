/// Why a text was refused, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of the fault; new kinds may be added.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The stable name of the code, in kebab case.
    public let name: String

    private init(_ name: String) {
      self.name = name
    }

    /// The code's name.
    public var description: String { name }

    /// The text does not follow the grammar.
    public static let malformed = Code("malformed")
    /// The text ends inside a value.
    public static let unexpectedEnd = Code("unexpected-end")
    /// Something other than whitespace follows the value.
    public static let trailingData = Code("trailing-data")
    /// The bytes are not UTF-8, or start with a byte order mark.
    public static let invalidEncoding = Code("invalid-encoding")
    /// A `\u` escape names one half of a surrogate pair only.
    public static let loneSurrogate = Code("lone-surrogate")
    /// A member name holds U+0000.
    public static let nulInName = Code("nul-in-name")
    /// An object has two members of one name.
    public static let duplicateKey = Code("duplicate-key")
    /// Arrays and objects are nested beyond the limit.
    public static let tooDeep = Code("too-deep")
    /// The text or one of its strings is longer than the limit.
    public static let tooLarge = Code("too-large")
    /// The objects have more members than the limit.
    public static let tooManyMembers = Code("too-many-members")
    /// An array has more elements than the limit.
    public static let tooManyElements = Code("too-many-elements")
    /// A number has more digits than the limit.
    public static let numberTooLong = Code("number-too-long")
    /// A number is beyond the range of `Double`.
    public static let numberOutOfRange = Code("number-out-of-range")
  }

  /// The kind of the fault.
  public let code: Code
  /// The byte of the text at which the fault shows.
  public let offset: Int
  /// The innermost value or member around the fault as a JSON pointer (RFC 6901), nil where that has no short form.
  public let pointer: String?
  /// What is wrong, for a person; it repeats nothing from the text.
  public let message: String

  /// An error at `offset`.
  public init(code: Code, offset: Int, pointer: String? = nil, message: String) {
    self.code = code
    self.offset = offset
    self.pointer = pointer
    self.message = message
  }

  /// Code, place and message on one line.
  public var description: String {
    let place = pointer.map { $0.isEmpty ? "" : " in \($0)" } ?? ""
    return "\(code): \(message) at byte \(offset)\(place)"
  }
}
