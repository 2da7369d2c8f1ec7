/// Why a schedule, a crontab expression or a zone name was refused, with the place to point at.
public struct CronError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the problem starts, in characters from the start of the refused text.
  public let position: Int
  /// The crontab field at fault, when one is.
  public let field: CronField?
  /// What is wrong, in one clause.
  public let message: String
  /// What to write instead, when that can be told.
  public let hint: String?

  /// Makes an error for one place in a text.
  public init(position: Int, field: CronField? = nil, message: String, hint: String? = nil) {
    self.position = position
    self.field = field
    self.message = message
    self.hint = hint
  }

  /// The message, its place and the hint on one line.
  public var description: String {
    let place = field.map { "\($0.rawValue), character \(position + 1)" } ?? "character \(position + 1)"
    return "\(message) (\(place))" + (hint.map { ": \($0)" } ?? "")
  }

  /// The same error in a text that has `offset` characters more in front.
  func shifted(by offset: Int) -> CronError {
    CronError(position: position + offset, field: field, message: message, hint: hint)
  }
}
