/// Why a gateway did not start.
public struct GatewayError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Kinds of errors; extensible, so that a new kind breaks nobody.
  public struct Code: Sendable, Hashable, RawRepresentable {
    public let rawValue: String

    /// A kind by its word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Another address than a loopback one was asked for.
    public static let notLoopback = Code(rawValue: "not_loopback")
    /// Two routes answer the same requests.
    public static let routeConflict = Code(rawValue: "route_conflict")
    /// The address could not be bound.
    public static let bindFailed = Code(rawValue: "bind_failed")
    /// The gateway ended before it listened.
    public static let stopped = Code(rawValue: "stopped")
  }

  public var code: Code
  public var message: String
  /// What to do about it.
  public var hint: String?

  /// An error of a kind.
  public init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  public var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
