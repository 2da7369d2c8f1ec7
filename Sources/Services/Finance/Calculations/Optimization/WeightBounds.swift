/// The weights that may be chosen from: each between two bounds, all together 1.
struct WeightBounds {
  let count: Int
  let lower: Double
  let upper: Double

  /// Whether the bounds leave one choice only, which is then the same weight for everything.
  var leavesOneChoice: Bool {
    let slack = Double(count) * 1e-12
    return Double(count) * lower >= 1 - slack || Double(count) * upper <= 1 + slack
  }

  /// The largest return the weights can have: the bounds filled up in the order of the returns.
  func largestReturn(of returns: [Double]) -> Double {
    var left = max(0, 1 - Double(count) * lower)
    return returns.sorted(by: >).reduce(0) { sum, value in
      let extra = min(left, upper - lower)
      left -= extra
      return sum + (lower + extra) * value
    }
  }

  /// The smallest return the weights can have.
  func smallestReturn(of returns: [Double]) -> Double { -largestReturn(of: returns.map { -$0 }) }

  /// Removes what rounding has left over: a weight never exceeds its bounds, and the rest goes to one that has room.
  func tidied(_ weights: [Double]) -> [Double] {
    var tidy = weights.map { min(max($0, lower), upper) }
    let rest = 1 - tidy.reduce(0, +)
    let room = tidy.indices.max { min(tidy[$0] - lower, upper - tidy[$0]) < min(tidy[$1] - lower, upper - tidy[$1]) }
    if let room, !leavesOneChoice { tidy[room] = min(max(tidy[room] + rest, lower), upper) }
    return tidy
  }
}
