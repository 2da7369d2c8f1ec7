/// One sentence that every store keeps, and the way to find out.
public struct ConformanceCase: Sendable, CustomStringConvertible {
  /// The sentence.
  public let name: String
  /// Whether the case opens the store again after its process died.
  public let needsRestart: Bool
  let body: @Sendable (ConformanceRun) async throws -> Void

  init(
    _ name: String, needsRestart: Bool = false, _ body: @escaping @Sendable (ConformanceRun) async throws -> Void
  ) {
    self.name = name
    self.needsRestart = needsRestart
    self.body = body
  }

  public var description: String { name }
}

/// Where a store broke its contract.
public struct ConformanceFailure: Error, Sendable, CustomStringConvertible {
  /// What was expected and what was found.
  public let message: String
  /// The file of the expectation.
  public let file: String
  /// The line of the expectation.
  public let line: UInt

  /// A broken expectation.
  public init(_ message: String, file: StaticString = #fileID, line: UInt = #line) {
    self.message = message
    self.file = "\(file)"
    self.line = line
  }

  public var description: String { "\(file):\(line): \(message)" }
}
