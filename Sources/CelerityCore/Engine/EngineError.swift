/// Why an engine or store could not do what was asked.
public struct EngineError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Kinds of errors; extensible, so that a new kind breaks nobody.
  public struct Code: Sendable, Hashable, RawRepresentable {
    public let rawValue: String

    /// A kind by its word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The store can't be reached or did not answer in time.
    public static let unavailable = Code(rawValue: "unavailable")
    /// The disk or the memory limit is full.
    public static let storageFull = Code(rawValue: "storage_full")
    /// What is stored can't be trusted.
    public static let corrupt = Code(rawValue: "corrupt")
    /// What was asked for contradicts what is stored.
    public static let conflict = Code(rawValue: "conflict")
    /// What was asked for makes no sense.
    public static let invalid = Code(rawValue: "invalid")
    /// As many tasks wait in the queue as its limit allows.
    public static let queueFull = Code(rawValue: "queue_full")
    /// The store was closed.
    public static let closed = Code(rawValue: "closed")
    /// Another process owns the store.
    public static let owned = Code(rawValue: "owned")
  }

  public var code: Code
  /// What happened, for people.
  public var message: String
  /// What to do about it, when that is known.
  public var hint: String?

  /// An error of a kind.
  public init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// Whether the same call may succeed later.
  public var isRetryable: Bool { code == .unavailable || code == .storageFull || code == .queueFull }

  /// The error of a submission that met a full queue.
  public static func queueFull(_ queue: String, depth: Int, limit: Int) -> EngineError {
    EngineError(
      .queueFull, "\(depth) tasks wait in the queue '\(queue)', which takes no more at \(limit)",
      hint: "try again when workers have caught up")
  }

  public var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
