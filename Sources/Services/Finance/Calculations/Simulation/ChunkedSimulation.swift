import Synchronization

/// Trials split into chunks of fixed size, each with its own stream of random numbers.
///
/// Chunk *i* starts *i* jumps of 2¹²⁸ numbers after the seed, whatever thread runs it and however many there are. Chunks
/// are run in waves, and the results of a wave are consumed before the next begins, so memory does not grow with the
/// number of trials.
struct ChunkedSimulation {
  static let chunkSize = 8_192
  static let chunksPerWave = 64

  let trials: Int
  let seed: UInt64
  let environment: SimulationEnvironment

  /// Runs `body` for each chunk and hands its results to `absorb` in the order of the chunks.
  func run<Part: Sendable>(
    body: @escaping @Sendable (_ trials: Int, _ random: inout Xoshiro256StarStar) -> Part,
    absorb: (Part) -> Void
  ) throws {
    let counter = TrialCounter(total: trials, report: environment.progress)
    let shouldStop = environment.shouldStop
    var next = Xoshiro256StarStar(seed: seed)
    var planned = 0
    while planned < trials {
      var chunks: [(trials: Int, stream: Xoshiro256StarStar)] = []
      while chunks.count < Self.chunksPerWave, planned < trials {
        let size = min(Self.chunkSize, trials - planned)
        chunks.append((size, next))
        planned += size
        next.jump()
      }
      let wave = chunks
      let parts = try environment.runner.run(chunks: wave.count) { index in
        if shouldStop() { throw CancellationError() }
        var (trials, stream) = wave[index]
        let part = body(trials, &stream)
        counter.add(trials)
        return part
      }
      for part in parts { absorb(part) }
    }
  }
}

/// Counts finished trials; the lock is held while the count is told, so the audience never sees it go back.
private final class TrialCounter: Sendable {
  private let total: Int
  private let report: @Sendable (Int, Int) -> Void
  private let done = Mutex(0)

  init(total: Int, report: @escaping @Sendable (Int, Int) -> Void) {
    self.total = total
    self.report = report
  }

  func add(_ trials: Int) {
    done.withLock { done in
      done += trials
      report(done, total)
    }
  }
}
