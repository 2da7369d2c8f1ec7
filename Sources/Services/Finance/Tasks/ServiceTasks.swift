public import CelerityTasks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `finance.health_check`: answers at once which worker runs the service's tasks.
public struct HealthCheck: TaskDefinition {
  public static let name = "finance.health_check"
  public static let summary = "Answers at once which worker runs the service's tasks."
  public static let options = TaskOptions(queue: "finance")

  /// Who answered, and when.
  public struct Output: Codable, Sendable {
    public var status: String
    public var worker: String
    /// Seconds since the epoch.
    public var timestamp: Double
  }

  public func run(_ input: NoInput, _ context: TaskContext) async throws -> Output {
    Output(status: "healthy", worker: context.worker, timestamp: Double(time(nil)))
  }
}

/// `finance.fixed_seconds`: keeps a core busy for a given time. For measuring throughput, where the time of a task must
/// be known; no calculation sleeps to look slow.
public struct FixedSeconds: TaskDefinition {
  public static let name = "finance.fixed_seconds"
  public static let summary = "Keeps a core busy for a given time; for measuring throughput."
  public static let options = TaskOptions(queue: "finance", timeLimit: .seconds(3700))

  /// How long.
  public struct Input: TaskInput {
    public var seconds: Double

    /// A time to be busy for.
    public init(seconds: Double) { self.seconds = seconds }

    public static let arguments = [
      Argument(CodingKeys.seconds, "Seconds to be busy for.", minimum: 0, maximum: 3600)
    ]
  }

  /// How long it was.
  public struct Output: Codable, Sendable {
    public var seconds: Double
    /// Rounds of the loop: what the core got done meanwhile.
    public var rounds: Int
  }

  private static let reportInterval = Duration.milliseconds(250)

  public func run(_ input: Input, _ context: TaskContext) async throws -> Output {
    let clock = ContinuousClock()
    let start = clock.now
    let end = start + .microseconds(Int64(input.seconds * 1_000_000))
    var rounds = 0
    var nextReport = start + Self.reportInterval
    var state: UInt64 = 88_172_645_463_325_252
    while clock.now < end {
      try context.checkStop()
      if clock.now >= nextReport {
        let (seconds, attoseconds) = (clock.now - start).components
        // In tenths: nobody reads more of it.
        let done = (Double(seconds) * 10 + Double(attoseconds) / 1e17).rounded() / 10
        context.progress(min(done, input.seconds), of: input.seconds)
        nextReport += Self.reportInterval
      }
      for _ in 0..<10_000 {  // Marsaglia's xorshift, only to have work
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
      }
      rounds += state == 0 ? 0 : 1
    }
    let (seconds, attoseconds) = (clock.now - start).components
    return Output(seconds: Double(seconds) + Double(attoseconds) / 1e18, rounds: rounds)
  }
}
