/// What a calculation takes from outside: threads, a seed, a way to be stopped and someone who wants to know how far it
/// is. None of it but the seed changes the numbers.
public struct SimulationEnvironment: Sendable {
  /// Who runs the chunks.
  public var runner: any ChunkRunner
  /// The seed for inputs that name none; only its lower 53 bits are used, which JSON readers keep exact.
  public var seed: UInt64
  /// Asked before each chunk; once it is true the calculation ends with `CancellationError`.
  public var shouldStop: @Sendable () -> Bool
  /// Told after each chunk how many trials of how many are done. Calls come one at a time and never go back.
  public var progress: @Sendable (_ done: Int, _ total: Int) -> Void

  /// Makes an environment; by default serial, never stopped and without an audience.
  public init(
    seed: UInt64, runner: any ChunkRunner = SerialChunkRunner(),
    shouldStop: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) {
    self.seed = seed
    self.runner = runner
    self.shouldStop = shouldStop
    self.progress = progress
  }

  /// The seed to use for an input, and to report so that the run can be repeated.
  func seed(for chosen: UInt64?) -> UInt64 { chosen ?? seed & ((1 << 53) - 1) }

  /// The same, telling how many of the paths that were asked for are done where trials are pairs of paths.
  func counting(pairs: Int, as paths: Int) -> SimulationEnvironment {
    var environment = self
    environment.progress = { [progress] done, _ in progress(min(2 * done, paths), paths) }
    return environment
  }

  /// Ends the calculation when it has been asked to stop.
  func checkStop() throws {
    if shouldStop() { throw CancellationError() }
  }
}
