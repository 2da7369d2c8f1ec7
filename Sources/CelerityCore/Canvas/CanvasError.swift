/// Why signatures can't become messages. Found before anything is sent where a client submits; where it is found in the
/// middle of a workflow, what should have followed is recorded as FAILURE with this reason.
public struct CanvasError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Place of the signature at fault, a JSON pointer into the one that was published; empty for itself.
  public var pointer: String
  public var detail: String

  /// A fault at a place.
  public init(_ detail: String, at pointer: String = "") {
    self.detail = detail
    self.pointer = pointer
  }

  public var description: String { pointer.isEmpty ? detail : "\(pointer): \(detail)" }

  /// As the failure of what can't be sent.
  public var failure: TaskFailure {
    TaskFailure(type: "InvalidTaskError", module: "celery.exceptions", message: description)
  }
}
