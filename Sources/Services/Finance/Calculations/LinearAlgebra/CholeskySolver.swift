/// Solves `A·x = b` for a symmetric positive definite part of a matrix (Golub and Van Loan, "Matrix Computations",
/// 4th edition, section 4.2).
struct CholeskySolver {
  private let size: Int
  private var factor: [Double]

  /// Factors the rows and columns of `matrix` that `indices` name; `nil` when that part is not positive definite.
  init?(_ matrix: SquareMatrix, indices: [Int]) {
    size = indices.count
    factor = Array(repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0...i {
        var sum = matrix[indices[i], indices[j]]
        for k in 0..<j { sum -= factor[i * size + k] * factor[j * size + k] }
        if i == j {
          guard sum > 0 else { return nil }
          factor[i * size + i] = sum.squareRoot()
        } else {
          factor[i * size + j] = sum / factor[j * size + j]
        }
      }
    }
  }

  /// The solution for a right-hand side with one entry for each index.
  func solve(_ rightHandSide: [Double]) -> [Double] {
    var x = rightHandSide
    for i in 0..<size {
      for k in 0..<i { x[i] -= factor[i * size + k] * x[k] }
      x[i] /= factor[i * size + i]
    }
    for i in (0..<size).reversed() {
      for k in (i + 1)..<size { x[i] -= factor[k * size + i] * x[k] }
      x[i] /= factor[i * size + i]
    }
    return x
  }
}
