/// Why a message can't become a task. Whoever meets one must not drop it in silence: it is parked with this reason, and
/// where an id could be read a FAILURE is written, so that nobody waits for ever.
public struct WireFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// Kinds of faults, the words of dead letters' reasons.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Not what the protocol says.
    case malformed
    /// A content type that is never read, such as pickle, which would run code.
    case contentDisallowed = "content_disallowed"
    /// A compression that nothing here undoes.
    case compressionUnknown = "compression_unknown"
    /// Larger than is taken.
    case tooLarge = "too_large"
  }

  public var kind: Kind
  public var detail: String
  /// The task's id and name, as far as they could be read.
  public var id: String?
  public var task: String?

  /// A fault of a kind.
  public init(_ kind: Kind, _ detail: String, id: String? = nil, task: String? = nil) {
    self.kind = kind
    self.detail = detail
    self.id = id
    self.task = task
  }

  public var description: String { detail }
}
