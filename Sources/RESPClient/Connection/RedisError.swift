/// Why a command got no answer, or which one it got instead of what it should have.
public struct RedisError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Kinds of errors; extensible, so that a new kind breaks nobody.
  public struct Code: Sendable, Hashable, RawRepresentable {
    public let rawValue: String

    /// A kind by its word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The URL says something impossible.
    public static let invalidURL = Code(rawValue: "invalid_url")
    /// No connection could be made in time.
    public static let unreachable = Code(rawValue: "unreachable")
    /// The connection was lost after the command was sent: it may have been carried out.
    public static let connectionLost = Code(rawValue: "connection_lost")
    /// There was no reply in time: the command may have been carried out.
    public static let timedOut = Code(rawValue: "timed_out")
    /// User, password or permissions are wrong.
    public static let denied = Code(rawValue: "denied")
    /// The server answered an error.
    public static let refused = Code(rawValue: "refused")
    /// The server is not what is expected: no Redis, too old, or a replica.
    public static let unsuitable = Code(rawValue: "unsuitable")
    /// The client was closed.
    public static let closed = Code(rawValue: "closed")
  }

  public var code: Code
  public var message: String
  /// What the server said, when it was a server's error.
  public var reply: RESPError?

  /// An error of a kind.
  public init(_ code: Code, _ message: String, reply: RESPError? = nil) {
    self.code = code
    self.message = message
    self.reply = reply
  }

  /// An error that the server answered.
  public init(_ reply: RESPError) {
    let denied: Set<Substring> = ["NOAUTH", "WRONGPASS", "NOPERM"]
    self.init(denied.contains(reply.code) ? .denied : .refused, reply.message, reply: reply)
  }

  /// Whether nothing was carried out, so that sending again can't do a thing twice.
  public var isSafeToRepeat: Bool { code == .unreachable }

  public var description: String { message }
}
