extension PortfolioOptimizationCalculation {
  /// What the weights are to do.
  public enum Objective: String, CaseIterable, Codable, Sendable {
    case maxSharpe = "max_sharpe"
    case minVariance = "min_variance"
    case targetReturn = "target_return"
  }

  /// What the weights must keep to.
  public struct Constraints: Codable, Hashable, Sendable {
    /// The return to reach with least variance.
    public var targetReturn: Double?
    /// The rate without risk, for the same time as one row of returns.
    public var riskFreeRate: Double
    /// The least weight of each asset.
    public var minWeight: Double
    /// The largest weight of each asset.
    public var maxWeight: Double
    /// What to aim at. By default it is the target return when there is one, else the largest Sharpe ratio, or the
    /// least variance if no weights earn more than the rate without risk; the output tells which one it was.
    public var objective: Objective?

    /// Makes constraints; by default weights from 0 to 1 and a rate of 2 %.
    public init(
      targetReturn: Double? = nil, riskFreeRate: Double = 0.02, minWeight: Double = 0, maxWeight: Double = 1,
      objective: Objective? = nil
    ) {
      self.targetReturn = targetReturn
      self.riskFreeRate = riskFreeRate
      self.minWeight = minWeight
      self.maxWeight = maxWeight
      self.objective = objective
    }

    private enum CodingKeys: String, CodingKey {
      case targetReturn = "target_return"
      case riskFreeRate = "risk_free_rate"
      case minWeight = "min_weight"
      case maxWeight = "max_weight"
      case objective
    }

    /// Reads constraints, all of which may be left out.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        targetReturn: try values.decodeIfPresent(Double.self, forKey: .targetReturn),
        riskFreeRate: try values.decodeIfPresent(Double.self, forKey: .riskFreeRate) ?? 0.02,
        minWeight: try values.decodeIfPresent(Double.self, forKey: .minWeight) ?? 0,
        maxWeight: try values.decodeIfPresent(Double.self, forKey: .maxWeight) ?? 1,
        objective: try values.decodeChoiceIfPresent(Objective.self, forKey: .objective))
    }

    func validate(assets: Int, at field: FieldPath) throws(FinanceError) {
      if let targetReturn {
        try requireNumber(
          targetReturn, from: -largestReturn, through: largestReturn, at: field["target_return"])
      }
      guard objective == nil || (objective == .targetReturn) == (targetReturn != nil) else {
        throw FinanceError(
          .invalidValue, at: field["objective"], "and target_return go together: the one asks for the other")
      }
      try requireNumber(riskFreeRate, from: -1, through: 1, at: field["risk_free_rate"])
      try requireNumber(minWeight, from: 0, through: 1, at: field["min_weight"])
      try requireNumber(maxWeight, above: 0, through: 1, at: field["max_weight"])
      let slack = 1e-12 * Double(assets)
      guard Double(assets) * minWeight <= 1 + slack else {
        throw FinanceError(
          .infeasible, at: field["min_weight"], "is too large: \(assets) such weights sum to more than 1")
      }
      guard Double(assets) * maxWeight >= 1 - slack else {
        throw FinanceError(
          .infeasible, at: field["max_weight"], "is too small: \(assets) such weights sum to less than 1")
      }
      guard minWeight <= maxWeight else {
        throw FinanceError(.infeasible, at: field["min_weight"], "is more than max_weight")
      }
    }
  }

  /// The largest return of one asset in one row; 100 is 10,000 %.
  static let largestReturn = 100.0

  /// Assets, their past and the constraints.
  public struct Input: Codable, Hashable, Sendable {
    /// The names of the assets.
    public var assets: [String]
    /// Past returns: a row for each time, in it a number for each asset; 0.01 is 1 %.
    public var returns: [[Double]]
    /// What the weights must keep to.
    public var constraints: Constraints

    /// Makes an input.
    public init(assets: [String], returns: [[Double]], constraints: Constraints = Constraints()) {
      self.assets = assets
      self.returns = returns
      self.constraints = constraints
    }

    private enum CodingKeys: String, CodingKey { case assets, returns, constraints }

    /// Reads an input; the constraints may be left out.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        assets: try values.decode([String].self, forKey: .assets),
        returns: try values.decode([[Double]].self, forKey: .returns),
        constraints: try values.decodeIfPresent(Constraints.self, forKey: .constraints) ?? Constraints())
    }

    /// Refuses values that make no sense or are too large.
    public func validate() throws(FinanceError) {
      let (names, rows) = (FieldPath.root["assets"], FieldPath.root["returns"])
      try requireCount(assets.count, in: 1...FinanceLimits.assets, of: "assets", at: names)
      try requireNames(assets, of: "asset") { names[$0] }
      try requireCount(returns.count, in: 2...FinanceLimits.returnRows, of: "rows", at: rows)
      for (i, row) in returns.enumerated() {
        guard row.count == assets.count else {
          throw FinanceError(
            .invalidValue, at: rows[i], "must have one number for each of \(assets.count) assets, not \(row.count)")
        }
        for (j, value) in row.enumerated() {
          try requireNumber(value, from: -largestReturn, through: largestReturn, at: rows[i][j])
        }
      }
      try constraints.validate(assets: assets.count, at: .root["constraints"])
    }
  }

  /// The weights and what they promise.
  public struct Output: Codable, Hashable, Sendable {
    /// The weight of each asset; together they are 1.
    public var optimalWeights: [String: Double]
    /// The mean return.
    public var expectedReturn: Double
    /// The standard deviation of the return.
    public var portfolioRisk: Double
    /// The mean return above the rate without risk for each unit of deviation; none when there is no deviation.
    public var sharpeRatio: Double?
    /// Always true: a failure is an error, not an output.
    public var optimizationSuccess: Bool
    /// What was aimed at.
    public var objective: Objective
    /// How many rows the statistics are of.
    public var observations: Int
    /// How long it took, in seconds; filled in by whoever holds a clock.
    public var computationTime: Double?

    private enum CodingKeys: String, CodingKey {
      case optimalWeights = "optimal_weights"
      case expectedReturn = "expected_return"
      case portfolioRisk = "portfolio_risk"
      case sharpeRatio = "sharpe_ratio"
      case optimizationSuccess = "optimization_success"
      case objective, observations
      case computationTime = "computation_time"
    }
  }
}
