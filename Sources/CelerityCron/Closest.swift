/// The candidate that needs the fewest edits to become `word`, when that is few enough to be a slip of the pen.
///
/// Letter case does not count. Both texts are expected to be short.
func closest(to word: String, among candidates: [String]) -> String? {
  var table = EditTable(word)
  let limit = max(1, min(3, table.word.count / 3))
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let allowed = best.map { $0.distance - 1 } ?? limit
    if let distance = table.distance(to: candidate, limit: allowed) { best = (candidate, distance) }
  }
  return best?.name
}

/// Edits between one word and many others: insert, delete, replace and swap of neighbours, none of them twice at one
/// place (optimal string alignment; the table is Wagner and Fischer's, 1974).
///
/// Only the cells within `limit` of the diagonal are filled (Ukkonen 1985), in three rows that are used again.
private struct EditTable {
  let word: [UInt8]
  private var other: [UInt8] = []
  private var beforeLast: [Int] = []
  private var last: [Int] = []
  private var current: [Int] = []

  init(_ word: String) {
    self.word = word.utf8.prefix(64).map(\.foldedCase)
  }

  /// The number of edits, or `nil` when it is more than `limit`.
  mutating func distance(to candidate: String, limit: Int) -> Int? {
    guard limit >= 0, abs(candidate.utf8.count - word.count) <= limit else { return nil }
    other.removeAll(keepingCapacity: true)
    other.append(contentsOf: candidate.utf8.lazy.map(\.foldedCase))
    last.replaceSubrange(last.indices, with: 0...other.count)
    beforeLast.replaceSubrange(beforeLast.indices, with: repeatElement(limit + 1, count: other.count + 1))
    current = beforeLast
    for row in word.indices {
      fill(row, limit)
      guard current.contains(where: { $0 <= limit }) else { return nil }
      swap(&beforeLast, &last)
      swap(&last, &current)
    }
    return last[other.count] <= limit ? last[other.count] : nil
  }

  private mutating func fill(_ row: Int, _ limit: Int) {
    let tooMany = limit + 1
    for column in current.indices { current[column] = tooMany }
    current[0] = row + 1
    let first = max(0, row - limit)
    let end = min(other.count, row + limit + 1)
    for column in first..<max(first, end) {
      let cost = word[row] == other[column] ? 0 : 1
      var best = min(last[column] + cost, last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, word[row] == other[column - 1], word[row - 1] == other[column] {
        best = min(best, beforeLast[column - 1] + 1)
      }
      current[column + 1] = best
    }
  }
}

extension UInt8 {
  /// A letter in lower case, anything else unchanged.
  fileprivate var foldedCase: UInt8 { isLetter ? self | 0x20 : self }
}
