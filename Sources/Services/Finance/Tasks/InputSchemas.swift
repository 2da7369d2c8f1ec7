public import CelerityCore
import CelerityJSON

// The inputs read more than they publish (older names, the portfolio spread over the body), so each states its schema.
// The order of the properties is the order of positional arguments.

extension CompoundInterestCalculation.Input: SchemaDescribing {
  public static var jsonSchema: JSONSchema {
    .object([
      .number("amount", "Starting capital.", above: 0, through: FinanceLimits.amount, example: 10_000),
      .number("rate", "Nominal yearly rate; 0.05 is 5 %.", from: 0, through: 1, example: 0.05),
      .integer("periods", "Times a year that interest is added.", from: 1, through: 525_600, default: 12),
      .number("years", "Term in years.", above: 0, through: FinanceLimits.years, default: 1),
      .choice(
        "compounding", "How often interest is added, by name; goes before periods.",
        Compounding.allCases.map(\.rawValue)),
    ])
  }

  public static var schemaPlaceholder: Self { Self(amount: 1, rate: 0) }
}

extension ValueAtRiskCalculation.Input: SchemaDescribing {
  public static var jsonSchema: JSONSchema {
    .object([.portfolio, .confidence, .horizon, .simulations(from: 1), .seed])
  }

  public static var schemaPlaceholder: Self { Self(portfolio: Portfolio(positions: [])) }
}

extension OptionPricingCalculation.Input: SchemaDescribing {
  public static var jsonSchema: JSONSchema {
    .object([
      .number("spot_price", "Price of the underlying now.", above: 0, through: FinanceLimits.amount, example: 100),
      .number(
        "strike_price", "Price at which the option is exercised.", above: 0, through: FinanceLimits.amount, example: 105
      ),
      .number(
        "volatility", "Yearly volatility; 0.25 is 25 %.", above: 0, through: FinanceLimits.volatility, example: 0.25),
      .number("risk_free_rate", "Yearly rate without risk.", from: -1, through: 1, example: 0.03),
      .number("time_to_maturity", "Years to maturity.", above: 0, through: 100, example: 1),
      .choice("option_type", "Kind of option.", ["call", "put"], default: "call"), .simulations(from: 4), .seed,
    ])
  }

  public static var schemaPlaceholder: Self {
    Self(spotPrice: 1, strikePrice: 1, volatility: 1, riskFreeRate: 0, timeToMaturity: 1, optionType: .call)
  }
}

extension PortfolioOptimizationCalculation.Input: SchemaDescribing {
  public static var jsonSchema: JSONSchema {
    let constraints = JSONSchema.object([
      .number("target_return", "Return to reach with the least risk.", isRequired: false),
      .number("risk_free_rate", "Return without risk.", from: -1, through: 1, default: 0.02),
      .number("min_weight", "Least weight of an asset.", from: 0, through: 1, default: 0),
      .number("max_weight", "Greatest weight of an asset.", above: 0, through: 1, default: 1),
      .choice(
        "objective", "What is best; target_return goes with its own objective.",
        PortfolioOptimizationCalculation.Objective.allCases.map(\.rawValue)),
    ])
    return .object([
      .init(
        "assets",
        JSONSchema(
          .array(JSONSchema(.string)), description: "Names of the assets.",
          example: .array([.string("ACME"), .string("GLOBEX")]), minimumLength: 1)),
      .init(
        "returns",
        JSONSchema(
          .array(JSONSchema(.array(JSONSchema(.number)))), description: "Returns, a row per time.",
          example: .rows([[0.012, -0.004], [-0.007, 0.009], [0.02, 0.003]]), minimumLength: 2)),
      .init("constraints", constraints, isRequired: false),
    ])
  }

  public static var schemaPlaceholder: Self { Self(assets: [], returns: []) }
}

extension StressTestCalculation.Input: SchemaDescribing {
  public static var jsonSchema: JSONSchema {
    let scenario = JSONSchema.object([
      .init("name", JSONSchema(.string)),
      .number("equity_shock", "Change of all prices; -0.35 is minus 35 %.", from: -1, through: 10, default: 0),
      .number("volatility_shock", "Factor on all volatilities.", from: 0, through: 100, default: 1),
      .number(
        "correlation_shock", "Correlation that every two positions take on; without it they keep theirs.", from: -1,
        through: 1, isRequired: false),
    ])
    let crash = RawJSON.object([("name", .string("crash")), ("equity_shock", RawJSON.double(-0.35) ?? .null)])
    let scenarios = JSONSchema(
      .array(scenario), description: "What might happen.", example: .array([crash]), minimumLength: 1)
    return .object([.portfolio, .init("scenarios", scenarios), .confidence, .horizon])
  }

  public static var schemaPlaceholder: Self { Self(portfolio: Portfolio(positions: []), scenarios: []) }
}

extension JSONSchema.Property {
  fileprivate static func number(
    _ name: String, _ description: String, from minimum: Double? = nil, above: Double? = nil,
    through maximum: Double? = nil, default value: Double? = nil, example: Double? = nil, isRequired: Bool = true
  ) -> Self {
    let schema = JSONSchema(
      .number, description: description, defaultValue: value.flatMap(RawJSON.double),
      example: example.flatMap(RawJSON.double), minimum: above ?? minimum, maximum: maximum,
      isMinimumExclusive: above != nil)
    return Self(name, schema, isRequired: isRequired && value == nil)
  }

  fileprivate static func integer(
    _ name: String, _ description: String, from minimum: Int, through maximum: Int, default value: Int
  ) -> Self {
    let schema = JSONSchema(
      .integer, description: description, defaultValue: .integer(Int64(value)), minimum: Double(minimum),
      maximum: Double(maximum))
    return Self(name, schema, isRequired: false)
  }

  fileprivate static func choice(
    _ name: String, _ description: String, _ words: [String], default word: String? = nil
  ) -> Self {
    let schema = JSONSchema(
      .string, description: description, values: words.map(RawJSON.string), defaultValue: word.map(RawJSON.string))
    return Self(name, schema, isRequired: false)
  }

  fileprivate static func simulations(from minimum: Int) -> Self {
    integer("simulations", "Trials.", from: minimum, through: FinanceLimits.simulations, default: 100_000)
  }

  fileprivate static var seed: Self {
    let schema = JSONSchema(
      .integer, isNullable: true, description: "The same seed gives the same numbers.", minimum: 0)
    return Self("seed", schema, isRequired: false)
  }

  fileprivate static var confidence: Self {
    number(
      "confidence_level", "Share of outcomes in which no more is lost; less than 1.", above: 0, through: 1,
      default: 0.95)
  }

  fileprivate static var horizon: Self {
    number("time_horizon", "Trading days.", above: 0, through: FinanceLimits.horizonDays, default: 10)
  }

  fileprivate static var portfolio: Self {
    let position = JSONSchema.object([
      .init("symbol", JSONSchema(.string, example: .string("ACME"))),
      .number("quantity", "How many.", above: 0, through: FinanceLimits.amount, example: 100),
      .number("price", "Price of one.", above: 0, through: FinanceLimits.amount, example: 42.5),
    ])
    let volatility = JSONSchema(.number, minimum: 0, maximum: FinanceLimits.volatility)
    let schema = JSONSchema.object([
      .init("positions", JSONSchema(.array(position), minimumLength: 1)),
      .init("volatilities", JSONSchema(.object(properties: [], additional: .of(volatility))), isRequired: false),
      .init(
        "correlations", JSONSchema(.array(JSONSchema(.array(JSONSchema(.number)))), isNullable: true),
        isRequired: false),
    ])
    return Self("portfolio", schema)
  }
}

extension RawJSON {
  /// A matrix.
  fileprivate static func rows(_ rows: [[Double]]) -> RawJSON {
    .array(rows.map { row in .array(row.compactMap(RawJSON.double)) })
  }
}
