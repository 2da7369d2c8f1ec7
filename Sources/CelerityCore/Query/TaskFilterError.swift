/// Why a text is no filter.
public struct TaskFilterError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, for people.
  public var message: String
  /// Where it is, in bytes of UTF-8 from the beginning.
  public var offset: Int
  /// What to write instead, when that is known.
  public var hint: String?

  /// A fault at a place.
  public init(_ message: String, at offset: Int, hint: String? = nil) {
    self.message = message
    self.offset = offset
    self.hint = hint
  }

  public var description: String {
    "\(message) at byte \(offset)" + (hint.map { " (\($0))" } ?? "")
  }
}
