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
    let wanted = (target - centre) / scale
    let score = min(max(wanted, bounds.smallestReturn(of: scores)), bounds.largestReturn(of: scores))
    let (low, high) = try search(from: -.infinity) { program, _ in
      let gap = score - dot(scores, program.weights)
      return abs(gap) <= 1e-13 ? .found : .at(value: gap, slope: try program.returnGrowth())
    }
    // Rounding of nearly singular covariances can make the return jump; the two sides of the jump are mixed.
    let (below, above) = (dot(scores, low), dot(scores, high))
    let share = above > below ? min(max((score - below) / (above - below), 0), 1) : 0
    let weights = bounds.tidied(zip(low, high).map { $0 + share * ($1 - $0) })
    guard abs(score - dot(scores, weights)) <= 1e-9 else { throw Self.endless }
    return weights
  }

  /// The weights of the largest Sharpe ratio (Sharpe, "Mutual fund performance", 1966); some must earn more than
  /// `riskFreeRate`.
  ///
  /// At the largest ratio the derivative of `(μᵀw − r)/σ` along the frontier is zero, that is `σ² = t·(μᵀw − r)`.
  func largestSharpeRatio(riskFreeRate: Double) throws -> [Double] {
    let hurdle = (riskFreeRate - centre) / scale
    let (weights, _) = try search(from: 0) { program, tilt in
      let variance = dot(program.weights, covariance.times(program.weights))
      let excess = dot(scores, program.weights) - hurdle
      let value = variance - tilt * excess
      if abs(value) <= 1e-14 * (variance + abs(tilt * excess)) { return .found }
      return .at(value: value, slope: excess - tilt * (try program.returnGrowth()))
    }
    return bounds.tidied(weights)
  }

  private enum Trial {
    case found
    /// The function's value, positive when the tilt is too small, and how fast it falls.
    case at(value: Double, slope: Double)
  }

  private static let endless = FinanceError(
    .notConverged, at: .root, "the search along the efficient frontier did not end")

  /// Changes the tilt until `evaluate` is content with the program's weights, or until neighbouring numbers enclose the
  /// root; it returns the weights on both sides of it.
  private func search(
    from start: Double, evaluate: (_ program: TiltedVariance, _ tilt: Double) throws -> Trial
  ) throws -> (low: [Double], high: [Double]) {
    var program = TiltedVariance(covariance: covariance, returns: scores, bounds: bounds)
    var bracket = (low: start, high: Double.infinity)
    var sides: (low: [Double]?, high: [Double]?)
    var tilt = 0.0
    for step in 0..<500 {
      try program.solve(tilt: tilt, checkStop: checkStop)
      let weights = program.weights
      guard case .at(let value, let slope) = try evaluate(program, tilt) else { return (weights, weights) }
      if value > 0 { (bracket.low, sides.low) = (tilt, weights) } else { (bracket.high, sides.high) = (tilt, weights) }
      // A slope that is all rounding, as between assets of one return, would lead anywhere.
      let newton = slope > 0 ? tilt + value / slope : .nan
      let isNear = abs(newton - tilt) <= 1e4 * max(1, abs(tilt))
      let isTrusted = newton > bracket.low && newton < bracket.high && isNear && (step < 50 || step % 2 == 0)
      tilt = isTrusted ? newton : Self.inside(bracket, from: tilt)
      if tilt <= bracket.low || tilt >= bracket.high || abs(tilt) > 1e15 {
        return (sides.low ?? weights, sides.high ?? weights)
      }
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
    for index in 0..<scaled.count { scaled[index, index] += 1e-7 * max(1, scaled[index, index]) }
    return scaled
  }

  /// Whether the matching correlations have full rank; unlike the covariances' own rank this does not depend on units.
  private static func isRegular(_ covariance: SquareMatrix) -> Bool {
    let deviations = covariance.diagonal.map { $0.squareRoot() }
    // What never moves has a variance of rounding errors, not of zero.
    let smallest = 1e-5 * (deviations.max() ?? 0)
    guard deviations.allSatisfy({ $0 > smallest }) else { return false }
    var correlations = covariance
    for i in deviations.indices {
      for j in deviations.indices { correlations[i, j] /= deviations[i] * deviations[j] }
    }
    return PivotedCholesky(correlations, tolerance: 1e-7)?.rank == covariance.count
  }
}
