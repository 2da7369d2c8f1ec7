/// The means and the unbiased covariances of past returns, by two passes over the rows.
struct ReturnStatistics {
  let means: [Double]
  let covariance: SquareMatrix

  /// Takes at least two rows of one length; `checkStop` may throw between rows to end the work early.
  init(rows: [[Double]], checkStop: () throws -> Void) rethrows {
    let count = rows[0].count
    var means = Array(repeating: 0.0, count: count)
    for row in rows {
      for column in 0..<count { means[column] += row[column] }
    }
    for column in 0..<count { means[column] /= Double(rows.count) }
    var sums = SquareMatrix(count: count)
    for (index, row) in rows.enumerated() {
      if index % 256 == 0 { try checkStop() }
      let centred = (0..<count).map { row[$0] - means[$0] }
      for i in 0..<count {
        for j in 0...i { sums.entries[i * count + j] += centred[i] * centred[j] }
      }
    }
    for i in 0..<count {
      for j in 0...i {
        sums[i, j] /= Double(rows.count - 1)
        sums[j, i] = sums[i, j]
      }
    }
    self.means = means
    covariance = sums
  }
}
