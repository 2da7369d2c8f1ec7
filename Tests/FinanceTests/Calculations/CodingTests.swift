import Foundation
import Testing

@testable import Finance

@Suite struct CodingTests {
  private func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(json.utf8))
  }

  private func keys(_ value: some Encodable) throws -> Set<String> {
    let object = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(value))
    return Set(try #require(object as? [String: Any]).keys)
  }

  @Test func `the documented body of compound interest is read`() throws {
    let input = try decode(CompoundInterestCalculation.Input.self, #"{"amount": 10000, "rate": 0.05}"#)
    #expect(input == .init(amount: 10_000, rate: 0.05))
    let flat = try decode(
      CompoundInterestCalculation.Input.self,
      #"{"amount": 1, "interest_rate": 0.1, "years": 3, "compounding": "daily", "priority": "high"}"#)
    #expect(flat == .init(amount: 1, rate: 0.1, years: 3, compounding: .daily))
  }

  @Test(
    "A portfolio is found in each of its places",
    arguments: [
      (#"{"portfolio": {"positions": [{"symbol": "A", "quantity": 1, "price": 0}]}}"#, "/portfolio/positions/0/price"),
      (
        #"{"portfolio_data": {"positions": [{"symbol": "A", "quantity": 1, "price": 0}]}}"#,
        "/portfolio_data/positions/0/price"
      ),
      (#"{"positions": [{"symbol": "A", "quantity": 1, "price": 0}]}"#, "/positions/0/price"),
    ])
  func portfolioPlaces(json: String, pointer: String) throws {
    let input = try decode(ValueAtRiskCalculation.Input.self, json)
    #expect(input.simulations == 100_000)
    let error = #expect(throws: FinanceError.self) { try input.validate() }
    #expect(error?.field.pointer == pointer)
  }

  @Test func `everything a body can name is read`() throws {
    let input = try decode(
      ValueAtRiskCalculation.Input.self,
      #"""
      {"portfolio": {"positions": [{"symbol": "A", "quantity": 2, "price": 3}], "volatilities": {"A": 0.3},
       "correlations": [[1]]}, "confidence_level": 0.99, "time_horizon": 5, "simulations": 10, "seed": 7}
      """#)
    let portfolio = Portfolio(
      positions: [.init(symbol: "A", quantity: 2, price: 3)], volatilities: ["A": 0.3], correlations: [[1]])
    #expect(
      input == .init(portfolio: portfolio, confidenceLevel: 0.99, timeHorizon: 5, simulations: 10, seed: 7))
    let stress = try decode(
      StressTestCalculation.Input.self,
      #"""
      {"positions": [{"symbol": "A", "quantity": 2, "price": 3}],
       "scenarios": [{"name": "x"}, {"name": "y", "equity_shock": -0.1, "volatility_shock": 2, "correlation_shock": 0.5}]}
      """#)
    #expect(
      stress.scenarios == [
        .init(name: "x"), .init(name: "y", equityShock: -0.1, volatilityShock: 2, correlationShock: 0.5),
      ])
    let option = try decode(
      OptionPricingCalculation.Input.self,
      #"""
      {"spot_price": 1, "strike_price": 2, "volatility": 0.3, "risk_free_rate": 0.4, "time_to_maturity": 5,
       "option_type": "put", "simulations": 6, "seed": 7}
      """#)
    #expect(
      option
        == .init(
          spotPrice: 1, strikePrice: 2, volatility: 0.3, riskFreeRate: 0.4, timeToMaturity: 5, optionType: .put,
          simulations: 6, seed: 7))
    let weights = try decode(
      PortfolioOptimizationCalculation.Input.self,
      #"{"assets": ["A"], "returns": [[1], [2]], "constraints": {"target_return": 1.5, "max_weight": 0.5}}"#)
    #expect(
      weights
        == .init(assets: ["A"], returns: [[1], [2]], constraints: .init(targetReturn: 1.5, maxWeight: 0.5)))
  }

  @Test(
    "What is not a value of the field's kind is not read",
    arguments: [
      #"{"amount": "ten", "rate": 0.05}"#, #"{"amount": 1}"#, #"{"rate": 1}"#,
      #"{"amount": 1, "rate": 0, "periods": 1.5}"#, #"{"amount": 1, "rate": 0, "compounding": "hourly"}"#,
      #"{"amount": null, "rate": 0}"#, #"{"amount": true, "rate": 0}"#, "[]",
    ])
  func wrongKinds(json: String) {
    #expect(throws: DecodingError.self) { try decode(CompoundInterestCalculation.Input.self, json) }
  }

  @Test func `a wrong word is answered with the right ones`() {
    let json = #"{"amount": 1, "rate": 0, "compounding": "hourly"}"#
    let error = #expect(throws: DecodingError.self) { try decode(CompoundInterestCalculation.Input.self, json) }
    #expect(
      "\(error, default: "")".contains("must be one of annual, semiannual, quarterly, monthly, daily, continuous"))
  }

  @Test func `outputs carry the documented names`() throws {
    let environment = SimulationEnvironment(seed: 1)
    let interest = try CompoundInterestCalculation.run(.init(amount: 1, rate: 0.1))
    #expect(
      try keys(interest).isSuperset(of: ["total", "interest", "effective_annual_rate", "calculation_type", "schedule"]))
    let portfolio = Portfolio(positions: ValueAtRiskTests.one)
    var risk = try ValueAtRiskCalculation.run(.init(portfolio: portfolio, simulations: 10), in: environment)
    risk.computationTime = 0.5
    #expect(
      try keys(risk).isSuperset(of: [
        "var_amount", "expected_shortfall", "portfolio_value", "simulation_count", "confidence_level",
        "time_horizon_days", "computation_time", "seed",
      ]))
    let option = try OptionPricingCalculation.run(
      .init(
        spotPrice: 100, strikePrice: 105, volatility: 0.25, riskFreeRate: 0.05, timeToMaturity: 1, simulations: 10),
      in: environment)
    #expect(
      try keys(option).isSuperset(of: ["option_price", "standard_error", "confidence_interval", "simulations"]))
    let weights = try PortfolioOptimizationCalculation.run(.init(assets: ["A"], returns: [[0.1], [0.2]]))
    #expect(
      try keys(weights).isSuperset(of: [
        "optimal_weights", "expected_return", "portfolio_risk", "sharpe_ratio", "optimization_success",
      ]))
    let stress = try StressTestCalculation.run(.init(portfolio: portfolio, scenarios: [.init(name: "a")]))
    #expect(
      try keys(stress).isSuperset(of: ["scenario_results", "worst_case_loss", "avg_loss", "scenarios_tested"]))
    #expect(
      try keys(stress.scenarioResults[0])
        == ["scenario", "loss_percentage", "loss_amount", "recovery_months", "shocked_var"])
  }

  @Test func `an input survives being written and read`() throws {
    let input = PortfolioOptimizationCalculation.Input(
      assets: ["A", "B"], returns: [[0.1, 0.2], [0.3, 0.4]], constraints: .init(minWeight: 0.1, objective: .minVariance)
    )
    let data = try JSONEncoder().encode(input)
    #expect(try JSONDecoder().decode(PortfolioOptimizationCalculation.Input.self, from: data) == input)
  }

  @Test func `pointers escape what JSON pointers must`() {
    let field = FieldPath.root["volatilities"]["BRK/B~x"][3]
    #expect(field.pointer == "/volatilities/BRK~1B~0x/3")
    let error = FinanceError(.outOfRange, at: field, "is odd").under(.root["data"])
    #expect(error.description == "/data/volatilities/BRK~1B~0x/3: is odd")
    #expect(error.isCallerFault)
    #expect(!FinanceError(.notConverged, at: .root, "gave up").isCallerFault)
    #expect(FinanceError(.notConverged, at: .root, "gave up").description == "gave up")
  }
}
