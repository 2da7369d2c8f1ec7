/// How far a correlation matrix may be from symmetric, from a unit diagonal and from positive semidefinite.
private let correlationTolerance = 1e-9

/// Refuses a correlation matrix of the wrong size, with wrong entries, or that no returns can have.
func requireCorrelations(
  _ rows: [[Double]], count: Int, at field: FieldPath
) throws(FinanceError) {
  guard rows.count == count else {
    throw FinanceError(.invalidValue, at: field, "must have one row for each of \(count) positions, not \(rows.count)")
  }
  for (i, row) in rows.enumerated() where row.count != count {
    throw FinanceError(.invalidValue, at: field[i], "must have \(count) columns, not \(row.count)")
  }
  for i in 0..<count {
    for j in 0...i {
      let bound = 1 + correlationTolerance
      guard rows[i][j].isFinite, abs(rows[i][j]) <= bound else {
        throw FinanceError(.outOfRange, at: field[i][j], "must be from -1 to 1")
      }
      guard abs(rows[i][j] - rows[j][i]) <= correlationTolerance else {
        throw FinanceError(.invalidValue, at: field[j][i], "must equal its mirror image, \(rows[i][j])")
      }
    }
    guard abs(rows[i][i] - 1) <= correlationTolerance else {
      throw FinanceError(.invalidValue, at: field[i][i], "must be 1, as each position's correlation with itself")
    }
  }
  guard PivotedCholesky(SquareMatrix(rows: rows), tolerance: correlationTolerance) != nil else {
    throw FinanceError(.infeasible, at: field, "is not positive semidefinite: no returns can be correlated like this")
  }
}

/// The sensitivity of a sum of correlated parts to independent standard normal factors: `Lᵀd` of `C = L·Lᵀ`, so that
/// the sum moves by its product with the factors. A trial then costs as many products as there are factors.
///
/// `deviations` are the parts' standard deviations; the correlations have been checked before.
func factorLoadings(deviations: [Double], correlations: [[Double]]?) -> [Double] {
  guard let correlations,
    let factors = PivotedCholesky(SquareMatrix(rows: correlations), tolerance: correlationTolerance)
  else { return deviations }
  return (0..<factors.rank).map { column in
    deviations.indices.reduce(0) { $0 + factors[$1, column] * deviations[$1] }
  }
}
