public import CelerityJSON

/// Why a text in YAML was refused, and where.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of faults.
  public enum Code: String, Sendable, Hashable {
    /// Not what the format says, or what JSON can't hold: two values under one name.
    case malformed
    /// Longer, deeper or more entangled than is taken.
    case tooLarge = "too_large"
    /// Of the format, but never read: tags that stand for objects, and merged mappings.
    case disallowed
  }

  public var code: Code
  public var message: String
  /// Counted from 1, where it is known.
  public var line: Int?

  /// A fault.
  public init(_ code: Code, _ message: String, line: Int? = nil) {
    self.code = code
    self.message = message
    self.line = line
  }

  public var description: String { line.map { "line \($0): \(message)" } ?? message }
}

/// How much a text in YAML may ask of its reader.
public struct YAMLLimits: Sendable, Hashable {
  /// The longest text in bytes. The parser holds a tree of about a hundred times that.
  public var maximumBytes: Int
  /// The deepest nesting.
  public var maximumDepth: Int
  /// References to marked parts multiply what is read: with eight, the tree has less than twenty times the size of its text.
  public var maximumReferences: Int
  /// What the values may be as JSON. Its `maximumBytes` bounds what references make of a text.
  public var json: JSONLimits

  /// Limits.
  public init(
    maximumBytes: Int = 1 << 20, maximumDepth: Int = 64, maximumReferences: Int = 8, json: JSONLimits = .standard
  ) {
    self.maximumBytes = maximumBytes
    self.maximumDepth = maximumDepth
    self.maximumReferences = maximumReferences
    self.json = json
  }
}
