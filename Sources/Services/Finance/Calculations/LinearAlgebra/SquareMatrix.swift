/// A dense square matrix, row after row.
struct SquareMatrix: Equatable, Sendable {
  let count: Int
  var entries: [Double]

  /// The zero matrix.
  init(count: Int) {
    self.count = count
    entries = Array(repeating: 0, count: count * count)
  }

  /// Takes rows that are as long as there are rows.
  init(rows: [[Double]]) {
    count = rows.count
    entries = rows.flatMap(\.self)
  }

  subscript(_ row: Int, _ column: Int) -> Double {
    get { entries[row * count + column] }
    set { entries[row * count + column] = newValue }
  }

  var diagonal: [Double] { (0..<count).map { self[$0, $0] } }

  /// The product with a column.
  func times(_ vector: [Double]) -> [Double] {
    (0..<count).map { row in
      var sum = 0.0
      for column in 0..<count { sum += entries[row * count + column] * vector[column] }
      return sum
    }
  }
}

/// The inner product of two vectors of one length.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}
