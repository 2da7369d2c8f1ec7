import Testing

@testable import Finance

/// Random problems, judged by the conditions every solution meets (Karush, Kuhn, Tucker) and by rivals.
@Suite struct FrontierTests {
  struct Problem: Sendable, CustomTestStringConvertible {
    let assets: Int
    let rows: Int
    let lower: Double
    let upper: Double
    let seed: UInt64

    var testDescription: String { "\(assets) assets, \(rows) rows, \(lower)...\(upper)" }
    var bounds: WeightBounds { WeightBounds(count: assets, lower: lower, upper: upper) }

    var statistics: ReturnStatistics {
      var random = Xoshiro256StarStar(seed: seed)
      let drifts = (0..<assets).map { _ in 0.01 * random.nextNormal() }
      let scales = (0..<assets).map { _ in 0.05 * random.nextOpenUnit() + 0.005 }
      let returns = (0..<rows).map { _ in
        let market = random.nextNormal()
        return (0..<assets).map { drifts[$0] + scales[$0] * (random.nextNormal() + 0.7 * market) }
      }
      return ReturnStatistics(rows: returns) {}
    }
  }

  static let problems = [
    Problem(assets: 2, rows: 30, lower: 0, upper: 1, seed: 1),
    Problem(assets: 3, rows: 10, lower: 0, upper: 1, seed: 2),
    Problem(assets: 5, rows: 100, lower: 0.05, upper: 0.5, seed: 3),
    Problem(assets: 8, rows: 40, lower: 0, upper: 0.2, seed: 4),
    Problem(assets: 10, rows: 60, lower: 0.02, upper: 1, seed: 5),
    Problem(assets: 12, rows: 200, lower: 0, upper: 0.1, seed: 6),
    Problem(assets: 20, rows: 30, lower: 0, upper: 0.3, seed: 7),
    Problem(assets: 30, rows: 120, lower: 0.01, upper: 0.05, seed: 8),
    Problem(assets: 40, rows: 500, lower: 0, upper: 1, seed: 9),
  ]

  private func frontier(_ problem: Problem) -> EfficientFrontier {
    EfficientFrontier(problem.statistics, bounds: problem.bounds) {}
  }

  private func expectFeasible(_ weights: [Double], _ bounds: WeightBounds) {
    #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
    #expect(weights.allSatisfy { $0 >= bounds.lower && $0 <= bounds.upper })
  }

  /// A gradient is one number for the weights between their bounds, no less at the lower and no more at the upper.
  private func expectStationary(
    _ gradient: [Double], _ weights: [Double], _ bounds: WeightBounds, scale: Double
  ) {
    let margin = 1e-9
    let between = weights.indices.filter { weights[$0] > bounds.lower + margin && weights[$0] < bounds.upper - margin }
    let levels = between.map { gradient[$0] }
    let lowest =
      levels.min() ?? weights.indices.filter { weights[$0] > bounds.lower + margin }.map { gradient[$0] }.max()
    guard let lowest else { return }
    let highest = levels.max() ?? lowest
    #expect(highest - lowest < 1e-8 * scale)
    for index in weights.indices {
      if weights[index] <= bounds.lower + margin { #expect(gradient[index] > highest - 1e-8 * scale) }
      if weights[index] >= bounds.upper - margin { #expect(gradient[index] < lowest + 1e-8 * scale) }
    }
  }

  @Test("The least variance is stationary", arguments: problems)
  func leastVariance(problem: Problem) throws {
    let weights = try frontier(problem).leastVariance()
    expectFeasible(weights, problem.bounds)
    let gradient = problem.statistics.covariance.times(weights)
    expectStationary(gradient, weights, problem.bounds, scale: gradient.max() ?? 0)
  }

  @Test("The largest Sharpe ratio is stationary", arguments: problems, [-0.05, 0.0, 0.3])
  func sharpe(problem: Problem, share: Double) throws {
    let statistics = problem.statistics
    let best = problem.bounds.largestReturn(of: statistics.means)
    let riskFree = share < 0 ? share : share * best
    let weights = try frontier(problem).largestSharpeRatio(riskFreeRate: riskFree)
    expectFeasible(weights, problem.bounds)
    let pull = statistics.covariance.times(weights)
    let excess = dot(weights, statistics.means) - riskFree
    let gradient = zip(pull, statistics.means).map { $0 * excess / dot(weights, pull) - $1 }
    #expect(excess > 0)
    expectStationary(gradient, weights, problem.bounds, scale: abs(statistics.means.max() ?? 0) + abs(riskFree))
  }

  @Test("A rate just below the best return is still beaten", arguments: problems)
  func tightHurdle(problem: Problem) throws {
    let best = problem.bounds.largestReturn(of: problem.statistics.means)
    let riskFree = best - 1e-6 * abs(best)
    let weights = try frontier(problem).largestSharpeRatio(riskFreeRate: riskFree)
    expectFeasible(weights, problem.bounds)
    #expect(dot(weights, problem.statistics.means) > riskFree)
  }

  @Test("Each attainable return is met with less variance than rivals have", arguments: problems)
  func targets(problem: Problem) throws {
    let statistics = problem.statistics
    let lowest = problem.bounds.smallestReturn(of: statistics.means)
    let highest = problem.bounds.largestReturn(of: statistics.means)
    var random = Xoshiro256StarStar(seed: 99)
    for step in 0...10 {
      let target = lowest + (highest - lowest) * Double(step) / 10
      let weights = try frontier(problem).leastVariance(withReturn: target)
      expectFeasible(weights, problem.bounds)
      #expect(abs(dot(weights, statistics.means) - target) < 1e-11)
      let variance = dot(weights, statistics.covariance.times(weights))
      for _ in 0..<20 {
        guard let rival = rival(of: weights, statistics.means, problem.bounds, &random) else { continue }
        #expect(dot(rival, statistics.covariance.times(rival)) >= variance * (1 - 1e-9))
      }
    }
  }

  /// Other weights of the same return: a random step along which neither sum nor return changes, cut at the bounds.
  private func rival(
    of weights: [Double], _ means: [Double], _ bounds: WeightBounds, _ random: inout Xoshiro256StarStar
  ) -> [Double]? {
    guard weights.count > 2 else { return nil }
    let chosen = weights.indices.shuffled(using: &random).prefix(3)
    let (a, b, c) = (chosen[0], chosen[1], chosen[2])
    // The cross product of (1, 1, 1) and the three means.
    let step = [means[c] - means[b], means[a] - means[c], means[b] - means[a]]
    let sign = random.nextOpenUnit() < 0.5 ? 1.0 : -1
    var reach = Double.infinity
    for (index, change) in zip([a, b, c], step) where change != 0 {
      let room = sign * change > 0 ? bounds.upper - weights[index] : weights[index] - bounds.lower
      reach = min(reach, room / abs(change))
    }
    guard reach.isFinite, reach > 0 else { return nil }
    let length = sign * reach * random.nextOpenUnit()
    var other = weights
    for (index, change) in zip([a, b, c], step) { other[index] += length * change }
    return other
  }

  @Test("Fewer rows than assets still give an answer", arguments: 2..<12, [40, 41, 42] as [UInt64])
  func singular(rows: Int, seed: UInt64) throws {
    let problem = Problem(assets: 12, rows: rows, lower: 0, upper: 0.25, seed: seed)
    let weights = try frontier(problem).leastVariance()
    expectFeasible(weights, problem.bounds)
    let variance = dot(weights, problem.statistics.covariance.times(weights))
    let equal = Array(repeating: 1.0 / 12, count: 12)
    #expect(variance <= dot(equal, problem.statistics.covariance.times(equal)))
    let means = problem.statistics.means
    for share in [0, 0.2, 0.5, 0.9, 1] {
      let target =
        (1 - share) * problem.bounds.smallestReturn(of: means) + share * problem.bounds.largestReturn(of: means)
      let aimed = try frontier(problem).leastVariance(withReturn: target)
      expectFeasible(aimed, problem.bounds)
      #expect(abs(dot(aimed, means) - target) < 1e-11)
    }
  }

  @Test func `twins share what one of them would get`() throws {
    let base = Problem(assets: 2, rows: 50, lower: 0, upper: 1, seed: 3)
    var random = Xoshiro256StarStar(seed: 3)
    let rows = (0..<50).map { _ in [0.02 * random.nextNormal(), 0.03 * random.nextNormal()] }
    let alone = try EfficientFrontier(ReturnStatistics(rows: rows) {}, bounds: base.bounds) {}.leastVariance()
    let bounds = WeightBounds(count: 3, lower: 0, upper: 1)
    let twins = try EfficientFrontier(
      ReturnStatistics(rows: rows.map { [$0[0], $0[0], $0[1]] }) {}, bounds: bounds
    ) {}.leastVariance()
    #expect(abs(twins[0] - twins[1]) < 1e-6)
    #expect(abs(twins[0] + twins[1] - alone[0]) < 1e-6)
  }

  @Test("Assets of one return do not lead the search astray", arguments: 0..<60)
  func pairsOfTwins(seed: Int) throws {
    var random = Xoshiro256StarStar(seed: UInt64(seed))
    let rows = (0..<3).map { _ in
      (0..<4).flatMap { _ in
        let value = 0.02 * random.nextNormal()
        return [value, value]
      }
    }
    let statistics = ReturnStatistics(rows: rows) {}
    let bounds = WeightBounds(count: 8, lower: 0, upper: 0.15 + 0.6 * random.nextOpenUnit())
    let lowest = bounds.smallestReturn(of: statistics.means)
    let highest = bounds.largestReturn(of: statistics.means)
    let frontier = EfficientFrontier(statistics, bounds: bounds) {}
    for share in [0, 1e-9, 1e-5, 0.5, 0.99999, 1] {
      let target = (1 - share) * lowest + share * highest
      let weights = try frontier.leastVariance(withReturn: target)
      expectFeasible(weights, bounds)
      #expect(abs(dot(weights, statistics.means) - target) < 1e-11)
    }
  }

  @Test func `what rounding left over goes to a weight with room`() {
    let bounds = WeightBounds(count: 3, lower: 0.1, upper: 0.6)
    let tidy = bounds.tidied([0.6 + 1e-9, 0.1 - 1e-9, 0.3 + 1e-6])
    #expect(tidy[0] == 0.6)
    #expect(tidy[1] == 0.1)
    #expect(abs(tidy.reduce(0, +) - 1) < 1e-15)
  }

  @Test(
    "Bounds tell the returns they allow",
    arguments: [(0.0, 1.0, 5.0, -2.0), (0.1, 0.6, 3.3, -0.3), (0.25, 0.25, 1.5, 1.5)])
  func range(lower: Double, upper: Double, largest: Double, smallest: Double) {
    let bounds = WeightBounds(count: 4, lower: lower, upper: upper)
    #expect(abs(bounds.largestReturn(of: [5, 1, -2, 2]) - largest) < 1e-12)
    #expect(abs(bounds.smallestReturn(of: [5, 1, -2, 2]) - smallest) < 1e-12)
  }
}
