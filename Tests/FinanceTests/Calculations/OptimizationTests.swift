import Testing

@testable import Finance

@Suite struct OptimizationTests {
  typealias Calculation = PortfolioOptimizationCalculation
  typealias Constraints = PortfolioOptimizationCalculation.Constraints

  /// Four rows in which two assets have the same variance and no covariance.
  private static func independentPair(means: (Double, Double)) -> [[Double]] {
    [(0.1, 0.1), (0.1, -0.1), (-0.1, 0.1), (-0.1, -0.1)].map { [$0.0 + means.0, $0.1 + means.1] }
  }

  private func run(_ returns: [[Double]], _ constraints: Constraints = Constraints()) throws -> Calculation.Output {
    let names = (0..<returns[0].count).map { "A\($0)" }
    return try Calculation.run(.init(assets: names, returns: returns, constraints: constraints))
  }

  private func weights(_ output: Calculation.Output) -> [Double] {
    (0..<output.optimalWeights.count).compactMap { output.optimalWeights["A\($0)"] }
  }

  @Test(
    "S4.23: Two independent assets of equal variance get half each",
    arguments: [nil, .minVariance, .maxSharpe] as [Calculation.Objective?], [0.05, 0.5])
  func halves(objective: Calculation.Objective?, mean: Double) throws {
    let output = try run(Self.independentPair(means: (mean, mean)), .init(objective: objective))
    for weight in weights(output) { #expect(abs(weight - 0.5) < 1e-12) }
    #expect(output.optimizationSuccess)
    #expect(output.observations == 4)
    #expect(abs(output.expectedReturn - mean) < 1e-12)
    // The unbiased variance of ±0.1 in four rows is 0.04 / 3; half and half has half of it.
    #expect(abs(output.portfolioRisk - (0.02 / 3).squareRoot()) < 1e-12)
    #expect(abs(try #require(output.sharpeRatio) - (mean - 0.02) / output.portfolioRisk) < 1e-12)
  }

  @Test func `without a gain over the riskless rate the least variance is the default, and said to be`() throws {
    let output = try run(Self.independentPair(means: (0, 0.01)))
    #expect(output.objective == .minVariance)
    for weight in weights(output) { #expect(abs(weight - 0.5) < 1e-12) }
    #expect(try run(Self.independentPair(means: (0, 0.1))).objective == .maxSharpe)
  }

  @Test("S4.23: The least variance of three assets is the closed form", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func closedForm(seed: UInt64) throws {
    var random = Xoshiro256StarStar(seed: seed)
    let returns = (0..<60).map { _ in
      let common = 0.3 * random.nextNormal()
      return [0.8, 1.0, 1.2].map { 0.02 * ($0 * random.nextNormal() + common) }
    }
    let c = ReturnStatistics(rows: returns) {}.covariance
    // The rows of the adjugate, whose sums are those of the inverse but for a common factor.
    func minor(_ i: Int, _ j: Int) -> Double {
      let (a, b) = ((i + 1) % 3, (i + 2) % 3)
      let (d, e) = ((j + 1) % 3, (j + 2) % 3)
      return c[a, d] * c[b, e] - c[a, e] * c[b, d]
    }
    let sums = (0..<3).map { i in (0..<3).reduce(0) { $0 + minor(i, $1) } }
    let expected = sums.map { $0 / sums.reduce(0, +) }
    try #require(expected.allSatisfy { $0 > 0 && $0 < 1 })
    let output = try run(returns, .init(objective: .minVariance))
    for (weight, value) in zip(weights(output), expected) { #expect(abs(weight - value) < 1e-12) }
  }

  @Test func `the largest Sharpe ratio of independent assets is the closed form`() throws {
    // Equal variances and no covariance: weights in proportion to the gains over the riskless rate, 6 % and 3 %.
    let output = try run(Self.independentPair(means: (0.08, 0.05)))
    #expect(abs(weights(output)[0] - 2.0 / 3) < 1e-12)
    #expect(output.objective == .maxSharpe)
  }

  @Test("A target return is met with the weights it dictates", arguments: [0.04, 0.05, 0.06, 0.0799999, 0.08])
  func target(value: Double) throws {
    let output = try run(Self.independentPair(means: (0.08, 0.04)), .init(targetReturn: value))
    #expect(output.objective == .targetReturn)
    #expect(abs(output.expectedReturn - value) < 1e-12)
    #expect(abs(weights(output)[0] - (value - 0.04) / 0.04) < 1e-10)
  }

  @Test func `a target among equal means is met by the least variance`() throws {
    let output = try run(Self.independentPair(means: (0.05, 0.05)), .init(targetReturn: 0.05))
    for weight in weights(output) { #expect(abs(weight - 0.5) < 1e-9) }
  }

  @Test func `bounds hold where the free solution breaks them`() throws {
    let output = try run(Self.independentPair(means: (0.5, 0.03)), .init(minWeight: 0.1, maxWeight: 0.7))
    #expect(abs(weights(output)[0] - 0.7) < 1e-12)
    #expect(abs(weights(output)[1] - 0.3) < 1e-12)
  }

  @Test("Bounds that leave one choice are that choice", arguments: [(0.5, 1.0), (0.0, 0.5), (0.5, 0.5)])
  func oneChoice(minimum: Double, maximum: Double) throws {
    for objective in [Calculation.Objective.maxSharpe, .minVariance] {
      let output = try run(
        Self.independentPair(means: (0.5, 0.03)),
        .init(minWeight: minimum, maxWeight: maximum, objective: objective))
      #expect(weights(output) == [0.5, 0.5])
    }
  }

  @Test func `one asset is the whole portfolio`() throws {
    let output = try run([[0.1], [0.2], [0.4]])
    #expect(output.optimalWeights == ["A0": 1])
  }

  @Test func `an asset that never moves takes all in the least variance`() throws {
    let output = try run([[0.01, 0.1], [0.01, 0.3], [0.01, -0.2]], .init(objective: .minVariance))
    #expect(abs(weights(output)[0] - 1) < 1e-6)
    #expect(output.sharpeRatio == nil || output.portfolioRisk > 0)
  }

  @Test func `returns that never move have no Sharpe ratio`() throws {
    let output = try run([[0.01, 0.01], [0.01, 0.01]], .init(objective: .minVariance))
    #expect(output.portfolioRisk == 0)
    #expect(output.sharpeRatio == nil)
  }

  @Test func `an optimisation asked to stop ends`() {
    let input = Calculation.Input(assets: ["A", "B"], returns: Self.independentPair(means: (0.1, 0.1)))
    #expect(throws: CancellationError.self) { try Calculation.run(input, shouldStop: { true }) }
  }
}
