import Testing

@testable import Finance

@Suite struct ValueAtRiskTests {
  typealias Input = ValueAtRiskCalculation.Input

  static let environment = SimulationEnvironment(seed: 1)
  static let one = [Portfolio.Position(symbol: "AAPL", quantity: 100, price: 150)]
  static let two = one + [Portfolio.Position(symbol: "GOOGL", quantity: 50, price: 100)]

  private func close(_ value: Double, _ expected: Double, within share: Double = 0.02) -> Bool {
    abs(value - expected) <= share * expected
  }

  @Test("S4.21: One position gives the known answers", arguments: [1, 2, 3, 20_240_101] as [UInt64])
  func one(seed: UInt64) throws {
    let portfolio = Portfolio(positions: Self.one, volatilities: ["AAPL": 0.25])
    let output = try ValueAtRiskCalculation.run(Input(portfolio: portfolio, seed: seed), in: Self.environment)
    #expect(close(output.varAmount, 1_228.74))
    #expect(close(output.expectedShortfall, 1_540.88))
    #expect(output.portfolioValue == 15_000)
    #expect(output.simulationCount == 100_000)
    #expect(output.confidenceLevel == 0.95)
    #expect(output.timeHorizonDays == 10)
    #expect(output.seed == seed)
    #expect(output.assumedVolatilities == [])
  }

  @Test func `a missing volatility is a fifth, and reported`() throws {
    let output = try ValueAtRiskCalculation.run(Input(portfolio: Portfolio(positions: Self.one)), in: Self.environment)
    #expect(close(output.varAmount, 982.99))
    #expect(close(output.expectedShortfall, 1_232.71))
    #expect(output.assumedVolatilities == ["AAPL"])
  }

  @Test("S4.21: Two correlated positions give the known answer", arguments: [1, 2, 3] as [UInt64])
  func two(seed: UInt64) throws {
    let portfolio = Portfolio(
      positions: Self.two, volatilities: ["AAPL": 0.25, "GOOGL": 0.30], correlations: [[1, 0.7], [0.7, 1]])
    let output = try ValueAtRiskCalculation.run(Input(portfolio: portfolio, seed: seed), in: Self.environment)
    #expect(close(output.varAmount, 1_611.47))
    #expect(output.portfolioValue == 20_000)
  }

  @Test("Perfect correlation adds, perfect opposition cancels", arguments: [(1.0, 5_250.0), (-1.0, 2_250.0)])
  func extremes(rho: Double, yearlyDeviation: Double) throws {
    let portfolio = Portfolio(
      positions: Self.two, volatilities: ["AAPL": 0.25, "GOOGL": 0.30], correlations: [[1, rho], [rho, 1]])
    let output = try ValueAtRiskCalculation.run(Input(portfolio: portfolio), in: Self.environment)
    let horizon = (10.0 / 252).squareRoot()
    #expect(close(output.varAmount, yearlyDeviation * horizon * standardNormalQuantile(0.95)))
  }

  @Test("The tail follows the normal law at each level", arguments: [0.5001, 0.8, 0.9, 0.99, 0.999])
  func levels(confidence: Double) throws {
    let output = try ValueAtRiskCalculation.run(
      Input(portfolio: Portfolio(positions: Self.one), confidenceLevel: confidence, timeHorizon: 252),
      in: Self.environment)
    let quantile = standardNormalQuantile(confidence)
    let shortfall = standardNormalDensity(quantile) / (1 - confidence)
    // Four standard errors of a sample quantile, and the same again for what the tail's mean adds.
    let error = 4 * (confidence * (1 - confidence) / 100_000).squareRoot() / standardNormalDensity(quantile)
    #expect(abs(output.varAmount / 3_000 - quantile) < error)
    #expect(abs(output.expectedShortfall / 3_000 - shortfall) < 2 * error)
    #expect(output.expectedShortfall >= output.varAmount)
  }

  @Test("Threads do not change a digit", arguments: [1, 2, 3, 8])
  func threads(count: Int) throws {
    let portfolio = Portfolio(positions: Self.two, correlations: [[1, 0.3], [0.3, 1]])
    let input = Input(portfolio: portfolio, simulations: 50_001, seed: 9)
    let serial = try ValueAtRiskCalculation.run(input, in: Self.environment)
    let environment = SimulationEnvironment(seed: 77, runner: ThreadedChunkRunner(threads: count))
    #expect(try ValueAtRiskCalculation.run(input, in: environment) == serial)
  }

  @Test func `the seed decides the numbers`() throws {
    func amount(_ seed: UInt64?, _ fallback: UInt64) throws -> Double {
      let input = Input(portfolio: Portfolio(positions: Self.one), simulations: 5_000, seed: seed)
      return try ValueAtRiskCalculation.run(input, in: SimulationEnvironment(seed: fallback)).varAmount
    }
    #expect(try amount(1, 5) == amount(1, 6))
    #expect(try amount(1, 5) != amount(2, 5))
    #expect(try amount(nil, 5) == amount(5, 1))
  }

  @Test func `without volatility nothing is at risk`() throws {
    let portfolio = Portfolio(positions: Self.one, volatilities: ["AAPL": 0])
    let output = try ValueAtRiskCalculation.run(Input(portfolio: portfolio, simulations: 100), in: Self.environment)
    #expect(output.varAmount == 0)
    #expect(output.expectedShortfall == 0)
  }

  @Test("The largest portfolio and the smallest sample are taken", arguments: [1, 2, 600])
  func limits(simulations: Int) throws {
    let positions = (0..<500).map { Portfolio.Position(symbol: "S\($0)", quantity: 1, price: 10) }
    let output = try ValueAtRiskCalculation.run(
      Input(portfolio: Portfolio(positions: positions), simulations: simulations), in: Self.environment)
    #expect(output.simulationCount == simulations)
    #expect(output.varAmount.isFinite)
  }

  @Test func `a calculation asked to stop ends`() {
    let environment = SimulationEnvironment(seed: 1, shouldStop: { true })
    #expect(throws: CancellationError.self) {
      try ValueAtRiskCalculation.run(Input(portfolio: Portfolio(positions: Self.one)), in: environment)
    }
  }

  @Test("The kept tail gives what the whole sample gives", arguments: [0.01, 0.5, 0.95, 0.99, 0.9999])
  func tail(confidence: Double) {
    var random = Xoshiro256StarStar(seed: 4)
    // Coarse values, so that many are equal.
    let sample = (0..<60_000).map { _ in (random.nextNormal() * 50).rounded() }
    var tail = WorstLosses(trials: sample.count, confidence: confidence)
    for start in stride(from: 0, to: sample.count, by: 1_000) { tail.absorb(Array(sample[start..<start + 1_000])) }
    let worst = sample.sorted(by: >).prefix(Int((60_000 * (1 - confidence)).rounded()))
    let (quantile, shortfall) = tail.summary()
    #expect(quantile == worst.last)
    #expect(abs(shortfall - worst.reduce(0, +) / Double(worst.count)) < 1e-9)
  }

  @Test func `a loss at the boundary counts by its part in the tail`() {
    var tail = WorstLosses(trials: 10, confidence: 0.75)
    tail.absorb([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    let (quantile, shortfall) = tail.summary()
    #expect(quantile == 8)
    #expect(abs(shortfall - (10 + 9 + 0.5 * 8) / 2.5) < 1e-12)
  }

  @Test func `five of a hundred are beyond 95 per cent`() {
    var tail = WorstLosses(trials: 100, confidence: 0.95)
    tail.absorb((1...100).map(Double.init))
    let (quantile, shortfall) = tail.summary()
    #expect(quantile == 96)
    #expect(shortfall == 98)
  }

  @Test func `a loss little larger than what was kept is kept`() {
    var tail = WorstLosses(trials: 60_000, confidence: 0.95)
    for (value, count) in [(0.0, 50_000), (0.5, 7_500), (0.75, 2_500)] {
      tail.absorb(Array(repeating: value, count: count))
    }
    let (quantile, shortfall) = tail.summary()
    #expect(quantile == 0.5)
    #expect(abs(shortfall - (2_500 * 0.75 + 500 * 0.5) / 3_000) < 1e-12)
  }
}
