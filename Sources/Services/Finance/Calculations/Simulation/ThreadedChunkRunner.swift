import Foundation
import Synchronization

/// Runs chunks on threads of its own, never on those of Swift's cooperative pool.
///
/// The calling thread works too and waits for the rest: call it from a thread that may block (`onDedicatedThread`).
public struct ThreadedChunkRunner: ChunkRunner {
  /// How many threads work at once, the calling one among them.
  public let threads: Int

  /// Makes a runner for a number of threads, at least one.
  public init(threads: Int) { self.threads = max(1, threads) }

  /// Lets each thread take the next chunk until none is left.
  public func run<Result: Sendable>(
    chunks: Int, body: @escaping @Sendable (_ chunk: Int) throws -> Result
  ) throws -> [Result] {
    let board = ChunkBoard<Result>(chunks: chunks)
    let ended = DispatchGroup()
    for _ in 1..<max(1, min(threads, chunks)) {
      ended.enter()
      let thread = Thread {
        board.work(body)
        ended.leave()
      }
      thread.name = "simulation"
      thread.start()
    }
    board.work(body)
    ended.wait()
    return try board.results()
  }
}

/// What the threads of one run share: the next chunk to take, and the results so far.
private final class ChunkBoard<Result: Sendable>: Sendable {
  private struct State {
    var next = 0
    var results: [Result?]
    var failure: (chunk: Int, error: any Error)?
  }

  private let chunks: Int
  private let state: Mutex<State>

  init(chunks: Int) {
    self.chunks = chunks
    state = Mutex(State(results: Array(repeating: nil, count: chunks)))
  }

  func work(_ body: (Int) throws -> Result) {
    while let chunk = take() {
      do {
        let result = try body(chunk)
        state.withLock { $0.results[chunk] = result }
      } catch {
        state.withLock { state in
          if state.failure.map({ chunk < $0.chunk }) ?? true { state.failure = (chunk, error) }
        }
      }
    }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard state.next < chunks, state.failure == nil else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  func results() throws -> [Result] {
    try state.withLock { state in
      if let failure = state.failure { throw failure.error }
      return state.results.compactMap(\.self)
    }
  }
}
