import Testing

@testable import Finance

@Suite struct LinearAlgebraTests {
  /// `A = B·Bᵀ` of a random `count × rank` matrix: semidefinite, of that rank.
  private func semidefinite(count: Int, rank: Int, seed: UInt64) -> SquareMatrix {
    var random = Xoshiro256StarStar(seed: seed)
    let rows = (0..<count).map { _ in (0..<rank).map { _ in random.nextNormal() } }
    return SquareMatrix(rows: rows.map { a in rows.map { b in dot(a, b) } })
  }

  @Test("The pivoted factor gives the matrix back and tells its rank", arguments: [1, 2, 5, 12], [1, 3, 12, 20])
  func pivoted(count: Int, rank: Int) throws {
    let matrix = semidefinite(count: count, rank: rank, seed: UInt64(100 * count + rank))
    let factor = try #require(PivotedCholesky(matrix, tolerance: 1e-10))
    #expect(factor.rank == min(count, rank))
    for i in 0..<count {
      for j in 0..<count {
        let product = (0..<factor.rank).reduce(0) { $0 + factor[i, $1] * factor[j, $1] }
        #expect(abs(product - matrix[i, j]) < 1e-10)
      }
    }
  }

  @Test(
    "An indefinite matrix has no factor",
    arguments: [
      [[1, 2], [2, 1]], [[-1]], [[0, 1], [1, 0]], [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]],
      [[1, 0], [0, -1e-3]],
    ])
  func indefinite(rows: [[Double]]) {
    #expect(PivotedCholesky(SquareMatrix(rows: rows), tolerance: 1e-9) == nil)
  }

  @Test func `zero is semidefinite of rank zero`() throws {
    #expect(try #require(PivotedCholesky(SquareMatrix(count: 3), tolerance: 1e-9)).rank == 0)
  }

  @Test func `the solver solves the chosen part of a matrix`() throws {
    let matrix = semidefinite(count: 9, rank: 14, seed: 5)
    let chosen = [0, 3, 4, 8]
    let solver = try #require(CholeskySolver(matrix, indices: chosen))
    let wanted = [1, -2, 0.5, 3]
    let right = chosen.map { row in zip(chosen, wanted).reduce(0) { $0 + matrix[row, $1.0] * $1.1 } }
    for (solved, value) in zip(solver.solve(right), wanted) { #expect(abs(solved - value) < 1e-10) }
  }

  @Test func `the solver refuses a part that is not definite`() {
    let matrix = SquareMatrix(rows: [[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    #expect(CholeskySolver(matrix, indices: [0, 1]) == nil)
    #expect(CholeskySolver(matrix, indices: [0, 2]) != nil)
  }

  @Test func `loadings carry the variance of the sum`() {
    let correlations = [[1, 0.7, -0.2], [0.7, 1, 0.1], [-0.2, 0.1, 1]]
    let deviations = [2.0, 3, 5]
    var variance = 0.0
    for i in 0..<3 {
      for j in 0..<3 { variance += deviations[i] * correlations[i][j] * deviations[j] }
    }
    let loadings = factorLoadings(deviations: deviations, correlations: correlations)
    #expect(abs(dot(loadings, loadings) - variance) < 1e-12)
    #expect(factorLoadings(deviations: deviations, correlations: nil) == deviations)
  }

  @Test func `merged moments are those of the whole sample`() {
    var random = Xoshiro256StarStar(seed: 8)
    let values = (0..<1_000).map { _ in 1e6 + random.nextNormal() }
    var whole = RunningMoments()
    for value in values { whole.add(value) }
    var merged = RunningMoments()
    for start in stride(from: 0, to: 1_000, by: 130) {
      var part = RunningMoments()
      for value in values[start..<min(1_000, start + 130)] { part.add(value) }
      merged.merge(part)
    }
    merged.merge(RunningMoments())
    let mean = values.reduce(0, +) / 1_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 999
    #expect(merged.count == 1_000)
    #expect(abs(merged.mean - mean) < 1e-8)
    #expect(abs(merged.standardError - (variance / 1_000).squareRoot()) < 1e-9)
    #expect(abs(whole.standardError - merged.standardError) < 1e-9)
  }
}
