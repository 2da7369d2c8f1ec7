/// The portfolios of least variance for each return (Markowitz, "Portfolio selection", 1952), walked by their tilt.
///
/// Every one of them minimises `½·wᵀΣw − t·μᵀw` for some tilt `t`; at 0 it is the one of least variance of all. Between
/// changes of the weights at bounds, `w` is linear in `t` (Markowitz's critical lines), so that both searches below
/// are for the root of a piecewise linear function: Newton's step is exact on a piece, and a bracket guards the rest.
struct EfficientFrontier {
  private let bounds: WeightBounds
  private let centre: Double
  private let scale: Double
  private let scores: [Double]
  private let covariance: SquareMatrix
  private let checkStop: () throws -> Void

  /// Prepares the walk. Returns are centred and both scales are removed, so that tolerances mean the same everywhere.
  init(_ statistics: ReturnStatistics, bounds: WeightBounds, checkStop: @escaping () throws -> Void) {
    self.bounds = bounds
    self.checkStop = checkStop
    let centre = statistics.means.reduce(0, +) / Double(bounds.count)
    let spread = statistics.means.reduce(0) { max($0, abs($1 - centre)) }
    let scale = spread > 0 ? spread : 1
    self.centre = centre
    self.scale = scale
    scores = statistics.means.map { ($0 - centre) / scale }
    covariance = Self.regular(statistics.covariance)
  }

  /// The weights of least variance.
  func leastVariance() throws -> [Double] {
    var program = TiltedVariance(covariance: covariance, returns: scores, bounds: bounds)
    try program.solve(tilt: 0, checkStop: checkStop)
    return bounds.tidied(program.weights)
  }

  /// The weights of least variance among those with a given return, which must be attainable.
  func leastVariance(withReturn target: Double) throws -> [Double] {
    // Beyond what is attainable by rounding alone, no tilt would ever be enough.
    let attainable = bounds.smallestReturn(of: scores)...bounds.largestReturn(of: scores)
    let score = min(max((target - centre) / scale, attainable.lowerBound), attainable.upperBound)
    let weights = try search(from: -.infinity) { program, _ in
      let gap = score - dot(scores, program.weights)
      return abs(gap) <= 1e-12 ? .found : .at(value: gap, slope: try program.returnGrowth())
    }
    guard abs(score - dot(scores, weights)) <= 1e-8 else { throw Self.endless }
    return weights
  }

  /// The weights of the largest Sharpe ratio (Sharpe, "Mutual fund performance", 1966); some must earn more than
  /// `riskFreeRate`.
  ///
  /// At the largest ratio the derivative of `(μᵀw − r)/σ` along the frontier is zero, that is `σ² = t·(μᵀw − r)`.
  func largestSharpeRatio(riskFreeRate: Double) throws -> [Double] {
    let hurdle = (riskFreeRate - centre) / scale
    return try search(from: 0) { program, tilt in
      let variance = dot(program.weights, covariance.times(program.weights))
      let excess = dot(scores, program.weights) - hurdle
      let value = variance - tilt * excess
      if abs(value) <= 1e-14 * (variance + abs(tilt * excess)) { return .found }
      return .at(value: value, slope: excess - tilt * (try program.returnGrowth()))
    }
  }

  private enum Trial {
    case found
    /// The function's value, positive when the tilt is too small, and how fast it falls.
    case at(value: Double, slope: Double)
  }

  private static let endless = FinanceError(
    .notConverged, at: .root, "the search along the efficient frontier did not end")

  /// Changes the tilt until `evaluate` is content with the program's weights, or neighbouring numbers enclose the root.
  private func search(
    from start: Double, evaluate: (_ program: TiltedVariance, _ tilt: Double) throws -> Trial
  ) throws -> [Double] {
    var program = TiltedVariance(covariance: covariance, returns: scores, bounds: bounds)
    var bracket = (low: start, high: Double.infinity)
    var tilt = 0.0
    for _ in 0..<500 {
      try program.solve(tilt: tilt, checkStop: checkStop)
      guard case .at(let value, let slope) = try evaluate(program, tilt) else { return bounds.tidied(program.weights) }
      if value > 0 { bracket.low = tilt } else { bracket.high = tilt }
      let newton = slope > 0 ? tilt + value / slope : .nan
      let next = newton > bracket.low && newton < bracket.high ? newton : Self.inside(bracket, from: tilt)
      if next <= bracket.low || next >= bracket.high { return bounds.tidied(program.weights) }
      tilt = next
    }
    throw Self.endless
  }

  /// The middle of a bracket, or a step away from its one end that doubles each time.
  private static func inside(_ bracket: (low: Double, high: Double), from tilt: Double) -> Double {
    if bracket.high == .infinity { return tilt + max(1, abs(tilt)) }
    if bracket.low == -.infinity { return tilt - max(1, abs(tilt)) }
    return bracket.low + (bracket.high - bracket.low) / 2
  }

  /// The covariances in units of their mean variance. When they are singular, as with fewer rows than assets, a small
  /// ridge (Tikhonov) is added: among portfolios of equal variance it prefers the evenly spread one.
  private static func regular(_ covariance: SquareMatrix) -> SquareMatrix {
    let variances = covariance.diagonal
    let mean = variances.reduce(0, +) / Double(covariance.count)
    var scaled = covariance
    let unit = mean > 0 ? mean : 1
    for index in scaled.entries.indices { scaled.entries[index] /= unit }
    if isRegular(scaled) { return scaled }
    for index in 0..<scaled.count { scaled[index, index] += 1e-9 * max(1, scaled[index, index]) }
    return scaled
  }

  /// Whether the matching correlations have full rank; unlike the covariances' own rank this does not depend on units.
  private static func isRegular(_ covariance: SquareMatrix) -> Bool {
    let deviations = covariance.diagonal.map { $0.squareRoot() }
    guard deviations.allSatisfy({ $0 > 0 }) else { return false }
    var correlations = covariance
    for i in deviations.indices {
      for j in deviations.indices { correlations[i, j] /= deviations[i] * deviations[j] }
    }
    return PivotedCholesky(correlations, tolerance: 1e-11)?.rank == covariance.count
  }
}
