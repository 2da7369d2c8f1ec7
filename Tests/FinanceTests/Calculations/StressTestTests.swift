import Testing

@testable import Finance

@Suite struct StressTestTests {
  typealias Scenario = StressTestCalculation.Scenario

  private func run(
    _ scenarios: [Scenario],
    portfolio: Portfolio = Portfolio(positions: ValueAtRiskTests.one, volatilities: ["AAPL": 0.25])
  ) throws -> StressTestCalculation.Output {
    try StressTestCalculation.run(.init(portfolio: portfolio, scenarios: scenarios))
  }

  @Test func `a fall by 35 per cent gives the known answers`() throws {
    let output = try run([Scenario(name: "2008", equityShock: -0.35, volatilityShock: 2.5, correlationShock: 0.9)])
    let result = try #require(output.scenarioResults.first)
    #expect(result.scenario == "2008")
    #expect(result.lossAmount == -5_250)
    #expect(result.lossPercentage == -0.35)
    #expect(result.recoveryMonths == 8.4)
    #expect(output.worstCaseLoss == -0.35)
    #expect(output.avgLoss == -0.35)
    #expect(output.scenariosTested == 1)
    #expect(output.portfolioValue == 15_000)
  }

  @Test func `value at risk is that of what is left under the shocked volatility`() throws {
    let output = try run([Scenario(name: "crash", equityShock: -0.5, volatilityShock: 3), Scenario(name: "calm")])
    #expect(output.baselineVar == 1_228.74)
    #expect(output.scenarioResults[0].shockedVar == (1_228.735 * 1.5 * 100).rounded() / 100)
    #expect(output.scenarioResults[1].shockedVar == 1_228.74)
  }

  @Test func `a correlation shock replaces all correlations`() throws {
    let portfolio = Portfolio(
      positions: ValueAtRiskTests.two, volatilities: ["AAPL": 0.25, "GOOGL": 0.30], correlations: [[1, 0], [0, 1]])
    let output = try run(
      [Scenario(name: "as known", correlationShock: 0.7), Scenario(name: "none")], portfolio: portfolio)
    #expect(output.scenarioResults[0].shockedVar == 1_611.47)
    #expect(output.scenarioResults[1].shockedVar == output.baselineVar)
    #expect(output.baselineVar < 1_611.47)
  }

  @Test func `the simulation agrees with the closed form`() throws {
    let portfolio = Portfolio(
      positions: ValueAtRiskTests.two, volatilities: ["AAPL": 0.25, "GOOGL": 0.30],
      correlations: [[1, -0.4], [-0.4, 1]])
    let simulated = try ValueAtRiskCalculation.run(
      .init(portfolio: portfolio, seed: 3), in: SimulationEnvironment(seed: 1))
    let exact = try run([Scenario(name: "none")], portfolio: portfolio).baselineVar
    #expect(abs(simulated.varAmount / exact - 1) < 0.02)
  }

  @Test func `the summary takes all scenarios`() throws {
    let output = try run([
      Scenario(name: "a", equityShock: -0.2), Scenario(name: "b", equityShock: -0.6),
      Scenario(name: "c", equityShock: 0.2),
    ])
    #expect(output.worstCaseLoss == -0.6)
    #expect(output.avgLoss == -0.2)
    #expect(output.scenarioResults.map(\.recoveryMonths) == [4.8, 14.4, 0])
    #expect(output.scenarioResults.map(\.lossAmount) == [-3_000, -9_000, 3_000])
  }

  @Test func `a total loss leaves nothing at risk`() throws {
    let output = try run([Scenario(name: "ruin", equityShock: -1, volatilityShock: 100)])
    #expect(output.scenarioResults[0].shockedVar == 0)
    #expect(output.scenarioResults[0].recoveryMonths == 24)
  }

  @Test func `three positions can be opposed by one half at most`() throws {
    let positions = (0..<3).map { Portfolio.Position(symbol: "S\($0)", quantity: 1, price: 100) }
    let output = try run(
      [Scenario(name: "limit", correlationShock: -0.5)], portfolio: Portfolio(positions: positions))
    #expect(abs(output.scenarioResults[0].shockedVar) < 0.01)
  }
}
