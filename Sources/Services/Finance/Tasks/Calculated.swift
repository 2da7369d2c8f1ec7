import CelerityTasks
import Dispatch

/// A calculation's answer with how it came about: the output's own members, `computation_time`, and `metadata`.
public struct Calculated<Input: Codable & Sendable, Output: Codable & Sendable>: Codable, Sendable {
  public var output: Output
  /// Seconds the calculation took.
  public var computationTime: Double
  public var metadata: Metadata

  /// How a result came about.
  public struct Metadata: Codable, Sendable {
    public var worker: String
    public var executionTimeSeconds: Double
    /// What was calculated, with every default filled in.
    public var parameters: Input

    private enum CodingKeys: String, CodingKey {
      case worker
      case executionTimeSeconds = "execution_time_seconds"
      case parameters
    }
  }

  private enum CodingKeys: String, CodingKey {
    case computationTime = "computation_time"
    case metadata
  }

  /// Runs a calculation and notes the time it took.
  init(_ input: Input, _ context: TaskContext, _ calculate: () async throws -> Output) async throws {
    let start = ContinuousClock.now
    output = try await calculate()
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    computationTime = Double(seconds) + Double(attoseconds) / 1e18
    metadata = Metadata(worker: context.worker, executionTimeSeconds: computationTime, parameters: input)
  }

  public init(from decoder: any Decoder) throws {
    output = try Output(from: decoder)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    metadata = try values.decode(Metadata.self, forKey: .metadata)
    // A member that is read twice would stand twice in the schema.
    let isRead = Output.self is any ComputationTimeHolding.Type
    computationTime =
      isRead ? metadata.executionTimeSeconds : try values.decode(Double.self, forKey: .computationTime)
  }

  public func encode(to encoder: any Encoder) throws {
    try output.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(computationTime, forKey: .computationTime)
    try values.encode(metadata, forKey: .metadata)
  }
}

/// An output that has a place of its own for `computation_time` and reads the member itself.
private protocol ComputationTimeHolding {
  var computationTime: Double? { get }
}

extension ValueAtRiskCalculation.Output: ComputationTimeHolding {}
extension OptionPricingCalculation.Output: ComputationTimeHolding {}
extension PortfolioOptimizationCalculation.Output: ComputationTimeHolding {}
extension StressTestCalculation.Output: ComputationTimeHolding {}
