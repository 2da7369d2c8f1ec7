/// Why a calculation was refused or gave up, with the field to point at.
public struct FinanceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of refusal it is; new kinds may come, so switch with a default.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code's word, as it may be shown to a client.
    public let rawValue: String

    /// Makes a code of its word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The value is not one that the field can have.
    public static let invalidValue = Code(rawValue: "INVALID_VALUE")
    /// The value is a number outside the field's range.
    public static let outOfRange = Code(rawValue: "OUT_OF_RANGE")
    /// There are more elements than one calculation takes.
    public static let limitExceeded = Code(rawValue: "LIMIT_EXCEEDED")
    /// Each value is fine by itself, but no answer satisfies all of them.
    public static let infeasible = Code(rawValue: "INFEASIBLE")
    /// The answer is larger than a number can hold.
    public static let overflow = Code(rawValue: "OVERFLOW")
    /// The method stopped at its limit of steps without an answer.
    public static let notConverged = Code(rawValue: "NOT_CONVERGED")
  }

  /// What kind of refusal it is.
  public let code: Code
  /// The field at fault; the root when no single field is.
  public let field: FieldPath
  /// What is wrong, in one clause that follows the field's name.
  public let message: String

  /// Makes an error for one field.
  public init(_ code: Code, at field: FieldPath, _ message: String) {
    self.code = code
    self.field = field
    self.message = message
  }

  /// Whether other input would have been answered; if not, the method itself failed.
  public var isCallerFault: Bool { code != .notConverged }

  /// The same error in a document in which the input stands at `outer`.
  public func under(_ outer: FieldPath) -> FinanceError {
    FinanceError(code, at: field.under(outer), message)
  }

  /// The pointer and the message on one line.
  public var description: String { field == .root ? message : "\(field): \(message)" }
}
