import Testing

@testable import Finance

@Suite struct CalculationKindTests {
  @Test(
    "The names of a body's fields tell the calculation",
    arguments: [
      (["amount", "rate"], CalculationKind.compoundInterest),
      (["amount", "interest_rate", "years", "priority"], .compoundInterest),
      (["positions"], .valueAtRisk),
      (["portfolio", "confidence_level"], .valueAtRisk),
      (["portfolio_data"], .valueAtRisk),
      (["spot_price", "strike_price"], .optionPricing),
      (["assets", "returns", "constraints"], .optimization),
      (["scenarios"], .stressTest),
      (["portfolio", "scenarios"], .stressTest),
      (["positions", "scenarios", "volatilities"], .stressTest),
    ])
  func detects(keys: [String], kind: CalculationKind) {
    #expect(CalculationKind.detect(keys: Set(keys)) == kind)
  }

  @Test(
    "Fields that belong to no calculation are not guessed at",
    arguments: [[], ["amount"], ["rate"], ["assets"], ["returns"], ["fixed_seconds"], ["Amount", "Rate"]])
  func refusesToGuess(keys: [String]) {
    #expect(CalculationKind.detect(keys: Set(keys)) == nil)
  }

  @Test func `each kind is spelled as in task_type`() {
    let words = CalculationKind.allCases.map(\.rawValue)
    #expect(words == ["compound_interest", "calculate_var", "monte_carlo", "optimize", "stress_test"])
  }
}
