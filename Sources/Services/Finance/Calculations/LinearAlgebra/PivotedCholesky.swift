/// The factor `L` of a symmetric positive semidefinite matrix, `A = L·Lᵀ`, with as many columns as `A` has rank.
///
/// Cholesky's method with complete pivoting, which also tells the rank: Higham, "Analysis of the Cholesky decomposition
/// of a semi-definite matrix", in "Reliable Numerical Computation" (1990). Rows stay in the matrix's own order.
struct PivotedCholesky {
  let count: Int
  let rank: Int
  private let columns: [[Double]]

  /// Factors a matrix; only its lower triangle is read. It is `nil` when the matrix is further than `tolerance`, relative
  /// to its largest diagonal entry, from positive semidefinite.
  init?(_ matrix: SquareMatrix, tolerance: Double) {
    count = matrix.count
    var rest = matrix
    var left = Array(0..<matrix.count)
    var columns: [[Double]] = []
    let smallest = tolerance * (matrix.diagonal.max() ?? 0)
    while let pivot = left.max(by: { rest[$0, $0] < rest[$1, $1] }), rest[pivot, pivot] > smallest {
      left.removeAll { $0 == pivot }
      columns.append(Self.eliminate(pivot, from: &rest, left: left))
    }
    guard Self.isNegligible(rest, in: left, below: smallest) else { return nil }
    rank = columns.count
    self.columns = columns
  }

  /// The entry of `L` in a row of the matrix and a column below `rank`.
  subscript(_ row: Int, _ column: Int) -> Double { columns[column][row] }

  private static func eliminate(_ pivot: Int, from rest: inout SquareMatrix, left: [Int]) -> [Double] {
    let root = rest[pivot, pivot].squareRoot()
    var column = Array(repeating: 0.0, count: rest.count)
    column[pivot] = root
    for i in left { column[i] = rest[max(i, pivot), min(i, pivot)] / root }
    for i in left {
      for j in left where j <= i { rest[i, j] -= column[i] * column[j] }
    }
    return column
  }

  /// Whether what is left is zero but for rounding; a semidefinite matrix with such a diagonal has no larger entries.
  private static func isNegligible(_ rest: SquareMatrix, in left: [Int], below bound: Double) -> Bool {
    left.allSatisfy { i in left.allSatisfy { j in j > i || abs(rest[i, j]) <= max(bound, .leastNormalMagnitude) } }
  }
}
