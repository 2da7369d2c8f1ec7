import Testing

@testable import Finance

/// One bad input and how it is to be refused.
struct Refusal: Sendable, CustomTestStringConvertible {
  let name: String
  let code: FinanceError.Code
  let pointer: String
  let attempt: @Sendable () throws -> Void

  init(
    _ name: String, _ code: FinanceError.Code, _ pointer: String, _ attempt: @escaping @Sendable () throws -> Void
  ) {
    self.name = name
    self.code = code
    self.pointer = pointer
    self.attempt = attempt
  }

  var testDescription: String { "\(name) at \(pointer)" }
}

@Suite struct RefusalTests {
  private static let environment = SimulationEnvironment(seed: 1)

  private static func interest(
    _ code: FinanceError.Code, _ pointer: String, amount: Double = 1, rate: Double = 0.1, periods: Int = 12,
    years: Double = 1
  ) -> Refusal {
    Refusal("interest", code, pointer) {
      _ = try CompoundInterestCalculation.run(.init(amount: amount, rate: rate, periods: periods, years: years))
    }
  }

  private static func portfolio(
    _ code: FinanceError.Code, _ pointer: String, _ portfolio: Portfolio
  ) -> Refusal {
    Refusal("portfolio", code, pointer) {
      _ = try ValueAtRiskCalculation.run(.init(portfolio: portfolio, simulations: 1), in: environment)
    }
  }

  private static func positions(
    _ code: FinanceError.Code, _ pointer: String, _ second: Portfolio.Position
  ) -> Refusal {
    portfolio(code, pointer, Portfolio(positions: [.init(symbol: "A", quantity: 1, price: 1), second]))
  }

  private static func correlations(_ code: FinanceError.Code, _ place: String, _ rows: [[Double]]) -> Refusal {
    let positions = ["A", "B", "C"].map { Portfolio.Position(symbol: $0, quantity: 1, price: 1) }
    return portfolio(
      code, "/portfolio/correlations" + place, Portfolio(positions: positions, correlations: rows))
  }

  private static func risk(
    _ code: FinanceError.Code, _ pointer: String, confidence: Double = 0.95, horizon: Double = 10, simulations: Int = 1
  ) -> Refusal {
    Refusal("risk", code, pointer) {
      let portfolio = Portfolio(positions: ValueAtRiskTests.one)
      _ = try ValueAtRiskCalculation.run(
        .init(portfolio: portfolio, confidenceLevel: confidence, timeHorizon: horizon, simulations: simulations),
        in: environment)
    }
  }

  private static func option(
    _ code: FinanceError.Code, _ pointer: String, spot: Double = 100, strike: Double = 100, volatility: Double = 0.2,
    rate: Double = 0, years: Double = 1, simulations: Int = 4
  ) -> Refusal {
    Refusal("option", code, pointer) {
      let input = OptionPricingCalculation.Input(
        spotPrice: spot, strikePrice: strike, volatility: volatility, riskFreeRate: rate, timeToMaturity: years,
        simulations: simulations)
      _ = try OptionPricingCalculation.run(input, in: environment)
    }
  }

  private static func weights(
    _ code: FinanceError.Code, _ pointer: String, assets: [String] = ["A", "B"],
    returns: [[Double]] = [[0.1, 0.2], [0.3, 0.1], [0.2, 0.4]],
    _ constraints: PortfolioOptimizationCalculation.Constraints = .init()
  ) -> Refusal {
    Refusal("weights", code, pointer) {
      _ = try PortfolioOptimizationCalculation.run(.init(assets: assets, returns: returns, constraints: constraints))
    }
  }

  private static func stress(
    _ code: FinanceError.Code, _ pointer: String, _ scenarios: [StressTestCalculation.Scenario],
    confidence: Double = 0.95, horizon: Double = 10
  ) -> Refusal {
    Refusal("stress", code, pointer) {
      let portfolio = Portfolio(positions: ValueAtRiskTests.two + [.init(symbol: "X", quantity: 1, price: 1)])
      _ = try StressTestCalculation.run(
        .init(portfolio: portfolio, scenarios: scenarios, confidenceLevel: confidence, timeHorizon: horizon))
    }
  }

  static let table: [Refusal] = [
    interest(.outOfRange, "/amount", amount: 0), interest(.outOfRange, "/amount", amount: -1),
    interest(.outOfRange, "/amount", amount: 1.1e12), interest(.invalidValue, "/amount", amount: .nan),
    interest(.invalidValue, "/amount", amount: .infinity), interest(.outOfRange, "/rate", rate: -0.01),
    interest(.outOfRange, "/rate", rate: 1.01), interest(.invalidValue, "/rate", rate: .nan),
    interest(.outOfRange, "/periods", periods: 0), interest(.outOfRange, "/periods", periods: 525_601),
    interest(.outOfRange, "/years", years: 0), interest(.outOfRange, "/years", years: 1_001),
    interest(.invalidValue, "/years", years: -.infinity),
    interest(.overflow, "/years", amount: 1e12, rate: 1, periods: 365, years: 1_000),

    portfolio(.invalidValue, "/portfolio/positions", Portfolio(positions: [])),
    portfolio(
      .limitExceeded, "/portfolio/positions",
      Portfolio(positions: (0...500).map { .init(symbol: "S\($0)", quantity: 1, price: 1) })),
    positions(.invalidValue, "/portfolio/positions/1/symbol", .init(symbol: "", quantity: 1, price: 1)),
    positions(.invalidValue, "/portfolio/positions/1/symbol", .init(symbol: "A", quantity: 1, price: 1)),
    positions(
      .invalidValue, "/portfolio/positions/1/symbol",
      .init(symbol: String(repeating: "x", count: 201), quantity: 1, price: 1)),
    positions(.outOfRange, "/portfolio/positions/1/quantity", .init(symbol: "B", quantity: 0, price: 1)),
    positions(.outOfRange, "/portfolio/positions/1/quantity", .init(symbol: "B", quantity: -5, price: 1)),
    positions(.outOfRange, "/portfolio/positions/1/quantity", .init(symbol: "B", quantity: 2e12, price: 1)),
    positions(.invalidValue, "/portfolio/positions/1/quantity", .init(symbol: "B", quantity: .nan, price: 1)),
    positions(.outOfRange, "/portfolio/positions/1/price", .init(symbol: "B", quantity: 1, price: -1)),
    positions(.invalidValue, "/portfolio/positions/1/price", .init(symbol: "B", quantity: 1, price: .infinity)),
    positions(.outOfRange, "/portfolio/positions", .init(symbol: "B", quantity: 1e9, price: 1e9)),
    portfolio(
      .outOfRange, "/portfolio/volatilities/A", Portfolio(positions: ValueAtRiskTests.one, volatilities: ["A": -0.1])),
    portfolio(
      .outOfRange, "/portfolio/volatilities/A", Portfolio(positions: ValueAtRiskTests.one, volatilities: ["A": 10.1])),
    portfolio(
      .invalidValue, "/portfolio/volatilities/A",
      Portfolio(positions: ValueAtRiskTests.one, volatilities: ["A": .nan, "B": -1])),
    portfolio(
      .limitExceeded, "/portfolio/volatilities",
      Portfolio(
        positions: ValueAtRiskTests.one,
        volatilities: Dictionary(uniqueKeysWithValues: (0...10_000).map { ("\($0)", 0.1) }))),

    correlations(.invalidValue, "", []), correlations(.invalidValue, "", [[1, 0], [0, 1]]),
    correlations(.invalidValue, "/1", [[1, 0, 0], [0, 1], [0, 0, 1]]),
    correlations(.invalidValue, "/0/1", [[1, 0.5, 0], [0.4, 1, 0], [0, 0, 1]]),
    correlations(.invalidValue, "/2/2", [[1, 0, 0], [0, 1, 0], [0, 0, 0.9]]),
    correlations(.outOfRange, "/1/0", [[1, 1.2, 0], [1.2, 1, 0], [0, 0, 1]]),
    correlations(.outOfRange, "/2/1", [[1, 0, 0], [0, 1, .nan], [0, .nan, 1]]),
    correlations(.invalidValue, "/0/1", [[1, .nan, 0], [0, 1, 0], [0, 0, 1]]),
    correlations(.infeasible, "", [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]),

    risk(.outOfRange, "/confidence_level", confidence: 0), risk(.outOfRange, "/confidence_level", confidence: 1),
    risk(.outOfRange, "/confidence_level", confidence: 95), risk(.invalidValue, "/confidence_level", confidence: .nan),
    risk(.outOfRange, "/time_horizon", horizon: 0), risk(.outOfRange, "/time_horizon", horizon: 10_001),
    risk(.outOfRange, "/simulations", simulations: 0), risk(.outOfRange, "/simulations", simulations: 5_000_001),
    risk(.outOfRange, "/simulations", simulations: .min),

    option(.outOfRange, "/spot_price", spot: 0), option(.invalidValue, "/spot_price", spot: .nan),
    option(.outOfRange, "/strike_price", strike: -1), option(.outOfRange, "/strike_price", strike: 1e13),
    option(.outOfRange, "/volatility", volatility: 0), option(.outOfRange, "/volatility", volatility: 11),
    option(.outOfRange, "/risk_free_rate", rate: 1.5), option(.invalidValue, "/risk_free_rate", rate: .infinity),
    option(.outOfRange, "/time_to_maturity", years: 0), option(.outOfRange, "/time_to_maturity", years: 101),
    option(.outOfRange, "/simulations", simulations: 3), option(.outOfRange, "/simulations", simulations: 5_000_001),

    weights(.invalidValue, "/assets", assets: []),
    weights(.limitExceeded, "/assets", assets: (0...200).map(String.init)),
    weights(.invalidValue, "/assets/1", assets: ["A", "A"]), weights(.invalidValue, "/assets/0", assets: ["", "B"]),
    weights(.invalidValue, "/returns", returns: [[0.1, 0.2]]),
    weights(.limitExceeded, "/returns", returns: Array(repeating: [0, 0], count: 10_001)),
    weights(.invalidValue, "/returns/1", returns: [[0.1, 0.2], [0.1]]),
    weights(.invalidValue, "/returns/1/0", returns: [[0.1, 0.2], [.nan, 0.1]]),
    weights(.outOfRange, "/returns/0/1", returns: [[0.1, 101], [0.1, 0.2]]),
    weights(.outOfRange, "/constraints/min_weight", .init(minWeight: -0.1)),
    weights(.infeasible, "/constraints/min_weight", .init(minWeight: 0.6)),
    weights(.infeasible, "/constraints/min_weight", .init(minWeight: 0.5000001, maxWeight: 0.5)),
    weights(.infeasible, "/constraints/max_weight", .init(maxWeight: 0.4)),
    weights(.outOfRange, "/constraints/max_weight", .init(maxWeight: 1.1)),
    weights(.invalidValue, "/constraints/risk_free_rate", .init(riskFreeRate: .nan)),
    weights(.infeasible, "/constraints/target_return", .init(targetReturn: 0.3)),
    weights(.infeasible, "/constraints/target_return", .init(targetReturn: -0.1)),
    weights(.invalidValue, "/constraints/target_return", .init(targetReturn: .infinity)),
    weights(.invalidValue, "/constraints/objective", .init(targetReturn: 0.2, objective: .maxSharpe)),
    weights(.invalidValue, "/constraints/objective", .init(objective: .targetReturn)),
    weights(.infeasible, "/constraints/risk_free_rate", .init(riskFreeRate: 0.5, objective: .maxSharpe)),
    weights(.infeasible, "/returns", returns: [[0.1, 0.2], [0.1, 0.2]], .init(objective: .maxSharpe)),

    stress(.invalidValue, "/scenarios", []),
    stress(.limitExceeded, "/scenarios", (0...100).map { .init(name: "\($0)") }),
    stress(.invalidValue, "/scenarios/0/name", [.init(name: "")]),
    stress(.invalidValue, "/scenarios/1/name", [.init(name: "a"), .init(name: "a")]),
    stress(.outOfRange, "/scenarios/0/equity_shock", [.init(name: "a", equityShock: -1.01)]),
    stress(.invalidValue, "/scenarios/0/equity_shock", [.init(name: "a", equityShock: .nan)]),
    stress(.outOfRange, "/scenarios/0/volatility_shock", [.init(name: "a", volatilityShock: -1)]),
    stress(.outOfRange, "/scenarios/0/correlation_shock", [.init(name: "a", correlationShock: 1.5)]),
    stress(.infeasible, "/scenarios/0/correlation_shock", [.init(name: "a", correlationShock: -0.6)]),
    stress(.outOfRange, "/confidence_level", [.init(name: "a")], confidence: 1),
    stress(.outOfRange, "/time_horizon", [.init(name: "a")], horizon: -1),
  ]

  @Test("Bad input is refused with the field to point at", arguments: table)
  func refuses(refusal: Refusal) {
    let error = #expect(throws: FinanceError.self) { try refusal.attempt() }
    #expect(error?.code == refusal.code)
    #expect(error?.field.pointer == refusal.pointer)
    #expect(error?.message.isEmpty == false)
    #expect(error?.isCallerFault == true)
  }

  @Test func `messages tell what would have been right`() {
    func message(_ refusal: Refusal) -> String? {
      do {
        try refusal.attempt()
        return nil
      } catch { return "\(error)" }
    }
    #expect(message(Self.interest(.outOfRange, "", rate: 2)) == "/rate: must be from 0 to 1")
    #expect(
      message(Self.interest(.outOfRange, "", amount: -1))
        == "/amount: must be greater than 0 and at most 1000000000000")
    #expect(message(Self.interest(.invalidValue, "", years: .nan)) == "/years: must be a finite number")
    #expect(
      message(Self.correlations(.infeasible, "", [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]))
        == "/portfolio/correlations: is not positive semidefinite: no returns can be correlated like this")
  }
}
