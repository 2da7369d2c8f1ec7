/// Minimises `½·wᵀQw − t·cᵀw` over weights within bounds that sum to 1, for one tilt `t` after another.
///
/// The primal active-set method for convex quadratic programs (Nocedal and Wright, "Numerical Optimization", 2nd edition,
/// algorithm 16.3), started from where the last tilt ended. Ties are broken by Bland's rule once it takes long, which
/// rules out cycling. `Q` must be positive definite.
struct TiltedVariance {
  /// Where a weight stands during the search.
  private enum Status { case free, atLower, atUpper }

  private let covariance: SquareMatrix
  private let returns: [Double]
  private let bounds: WeightBounds
  private var status: [Status]
  private(set) var weights: [Double]

  /// Starts from equal weights, which bounds with more than one choice always allow.
  init(covariance: SquareMatrix, returns: [Double], bounds: WeightBounds) {
    self.covariance = covariance
    self.returns = returns
    self.bounds = bounds
    weights = Array(repeating: 1 / Double(bounds.count), count: bounds.count)
    status = Array(repeating: .free, count: bounds.count)
  }

  /// Moves to the best weights for a tilt. It throws what `checkStop` throws, or when no end is in sight.
  ///
  /// Nearly singular covariances can make rounding free and hold the same weights in turn: when patience is lost, what is
  /// right to seven digits is good enough.
  mutating func solve(tilt: Double, checkStop: () throws -> Void) throws {
    let patience = 20 * bounds.count + 100
    for step in 0..<(2 * patience) {
      try checkStop()
      let free = status.indices.filter { status[$0] == .free }
      let (direction, level) = try descent(tilt: tilt, free: free)
      if let blocker = advance(along: direction, free: free) {
        status[blocker.index] = blocker.status
        weights[blocker.index] = blocker.status == .atLower ? bounds.lower : bounds.upper
      } else {
        let isPatient = step < patience
        let wrong = wronglyHeld(tilt: tilt, level: level, tolerance: isPatient ? 1e-13 : 1e-7)
        guard let chosen = isPatient ? wrong.max(by: { $0.excess < $1.excess }) : wrong.first else { return }
        status[chosen.index] = .free
      }
    }
    throw FinanceError(.notConverged, at: .root, "the weights kept changing; the returns may be too nearly alike")
  }

  /// How fast the portfolio's return grows with the tilt while the same weights stay at their bounds.
  func returnGrowth() throws -> Double {
    let free = status.indices.filter { status[$0] == .free }
    guard free.count > 1 else { return 0 }
    let gains = free.map { returns[$0] }
    let solver = try solver(for: free)
    let tilted = solver.solve(gains)
    let ones = solver.solve(Array(repeating: 1, count: free.count))
    let level = tilted.reduce(0, +) / ones.reduce(0, +)
    return zip(gains, zip(tilted, ones)).reduce(0) { $0 + $1.0 * ($1.1.0 - level * $1.1.1) }
  }

  private func gradient(tilt: Double) -> [Double] {
    zip(covariance.times(weights), returns).map { $0 - tilt * $1 }
  }

  private func solver(for free: [Int]) throws -> CholeskySolver {
    guard let solver = CholeskySolver(covariance, indices: free) else {
      throw FinanceError(.notConverged, at: .root, "the covariances are too close to singular")
    }
    return solver
  }

  /// The step to the best free weights, and the gradient's common value there.
  ///
  /// One weight at least is always free: a single one cannot move by itself, so it never meets a bound.
  private func descent(tilt: Double, free: [Int]) throws -> (direction: [Double], level: Double) {
    let gradient = gradient(tilt: tilt)
    guard free.count > 1 else { return ([0], gradient[free[0]]) }
    let solver = try solver(for: free)
    let slope = solver.solve(free.map { gradient[$0] })
    let ones = solver.solve(Array(repeating: 1, count: free.count))
    let level = slope.reduce(0, +) / ones.reduce(0, +)
    let direction = zip(slope, ones).map { level * $1 - $0 }
    // In exact arithmetic the sum is zero, and so is many an entry. Nearly singular covariances make others large, whose
    // rounding must neither leak out of the sum nor decide whether a weight at its bound may move.
    let leak = direction.reduce(0, +) / Double(free.count)
    let negligible = 1e-13 * direction.reduce(0) { max($0, abs($1)) }
    return (direction.map { abs($0 - leak) <= negligible ? 0 : $0 - leak }, level)
  }

  /// Goes as far along a direction as the bounds allow, and tells which bound was met on the way.
  private mutating func advance(along direction: [Double], free: [Int]) -> (index: Int, status: Status)? {
    var length = 1.0
    var blocker: (index: Int, status: Status)?
    for (index, change) in zip(free, direction) where change != 0 {
      let room = (change < 0 ? bounds.lower : bounds.upper) - weights[index]
      let reach = max(0, room / change)
      // A move too small to count must not pin a weight: rounding alone would make it.
      guard reach < length, abs(change) > 1e-15 else { continue }
      length = reach
      blocker = (index, change < 0 ? .atLower : .atUpper)
    }
    for (index, change) in zip(free, direction) { weights[index] += length * change }
    return blocker
  }

  /// The weights that would rather leave their bound, by the signs of their multipliers.
  private func wronglyHeld(
    tilt: Double, level: Double, tolerance: Double
  ) -> [(index: Int, excess: Double)] {
    let gradient = gradient(tilt: tilt)
    let tolerance = tolerance * magnitude(tilt: tilt)
    return status.indices.compactMap { index in
      let excess =
        switch status[index] {
        case .free: 0.0
        case .atLower: level - gradient[index]
        case .atUpper: gradient[index] - level
        }
      return excess > tolerance ? (index, excess) : nil
    }
  }

  /// The size of the numbers that cancel in a gradient, to measure its rounding by.
  private func magnitude(tilt: Double) -> Double {
    var largest = 0.0
    for row in 0..<bounds.count {
      var sum = abs(tilt * returns[row])
      for column in 0..<bounds.count { sum += abs(covariance[row, column] * weights[column]) }
      largest = max(largest, sum)
    }
    return largest
  }
}
