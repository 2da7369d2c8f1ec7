/// Runs the chunks of a simulation, one after another or at once.
///
/// The results come back in the order of the chunks, whoever ran them, so that a sum over them is the same to the last
/// bit. When chunks throw, the error of the first of those in order is thrown, and chunks not yet begun may be left out.
public protocol ChunkRunner: Sendable {
  /// Calls `body` once for each number below `chunks` and returns what the calls gave. It blocks until all have ended.
  func run<Result: Sendable>(
    chunks: Int, body: @escaping @Sendable (_ chunk: Int) throws -> Result
  ) throws -> [Result]
}

/// Runs the chunks one after another on the calling thread.
public struct SerialChunkRunner: ChunkRunner {
  /// Makes a runner.
  public init() {}

  /// Calls `body` for each chunk in order.
  public func run<Result: Sendable>(
    chunks: Int, body: @escaping @Sendable (_ chunk: Int) throws -> Result
  ) throws -> [Result] {
    try (0..<chunks).map(body)
  }
}
