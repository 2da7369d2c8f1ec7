/// The calculations of the finance service, by the words that stand in `task_type`.
public enum CalculationKind: String, CaseIterable, Codable, Sendable {
  case compoundInterest = "compound_interest"
  case valueAtRisk = "calculate_var"
  case optionPricing = "monte_carlo"
  case optimization = "optimize"
  case stressTest = "stress_test"

  /// Tells which calculation a body without `task_type` asks for, from the names of its fields; `nil` when none fits.
  ///
  /// The first rule that fits decides. A stress test also brings a portfolio, so its rule comes before value at risk.
  public static func detect(keys: Set<String>) -> CalculationKind? {
    let hasRate = keys.contains("rate") || keys.contains("interest_rate")
    if keys.contains("amount"), hasRate { return .compoundInterest }
    if keys.contains("scenarios") { return .stressTest }
    if !keys.isDisjoint(with: ["positions", "portfolio", "portfolio_data"]) { return .valueAtRisk }
    if keys.contains("spot_price") { return .optionPricing }
    if keys.isSuperset(of: ["assets", "returns"]) { return .optimization }
    return nil
  }
}
