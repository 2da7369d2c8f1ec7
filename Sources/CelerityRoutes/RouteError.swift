public import CelerityCore
public import CelerityJSON
public import CelerityTasks

/// An answer that is an error. The route's envelope decides how it looks.
public struct RouteError: Error, Sendable {
  /// One thing that is wrong with the request.
  public struct Issue: Sendable, Hashable {
    /// JSON pointer into the body.
    public var pointer: String
    public var detail: String

    /// A thing that is wrong at a place.
    public init(pointer: String, detail: String) {
      self.pointer = pointer
      self.detail = detail
    }
  }

  public var status: Int
  /// A stable word, `unknown-task`; the problem's `type` ends in it.
  public var code: String
  /// What happened this time.
  public var detail: String
  public var issues: [Issue]
  /// What to do about it.
  public var hint: String?
  public var headers: [(name: String, value: String)]

  /// An error.
  public init(
    _ status: Int, _ code: String, _ detail: String, issues: [Issue] = [], hint: String? = nil,
    headers: [(name: String, value: String)] = []
  ) {
    self.status = status
    self.code = code
    self.detail = detail
    self.issues = issues
    self.hint = hint
    self.headers = headers
  }

  /// JSON text that was refused: 400, or 413 when it was too large.
  public init(malformed error: JSONError) {
    let status = error.code == .tooLarge ? 413 : 400
    let code =
      switch error.code {
      case .tooDeep: "json-too-deep"
      case .tooLarge: "payload-too-large"
      case .duplicateKey: "duplicate-key"
      case .invalidEncoding, .loneSurrogate: "invalid-encoding"
      default: "malformed-json"
      }
    let issues = error.pointer.map { [Issue(pointer: $0, detail: error.message)] } ?? []
    self.init(status, code, "the body is not acceptable JSON: \(error)", issues: issues)
  }

  /// Arguments that do not fit a task: 422 with a pointer for each.
  public init(arguments error: ArgumentError) {
    self.init(
      422, "invalid-arguments", "the arguments do not fit \(error.task)",
      issues: error.issues.map { Issue(pointer: $0.pointer, detail: $0.detail) })
  }

  /// A store that could not do what was asked.
  public init(engine error: EngineError) {
    switch error.code {
    case .storageFull:
      self.init(503, "storage-full", error.message, hint: error.hint, headers: [("Retry-After", "5")])
    case .queueFull:
      self.init(503, "queue-full", error.message, hint: error.hint, headers: [("Retry-After", "30")])
    case .conflict:
      self.init(409, "conflict", error.message, hint: error.hint)
    case .invalid:
      self.init(422, "invalid-request", error.message, hint: error.hint)
    case .unavailable, .closed:
      self.init(503, "engine-unavailable", error.message, hint: error.hint, headers: [("Retry-After", "2")])
    default:
      self.init(500, "internal-error", "the store failed", hint: nil)
    }
  }
}
