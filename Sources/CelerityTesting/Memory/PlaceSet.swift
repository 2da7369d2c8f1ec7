/// A task's place in an order; tasks at the same place stand in the order of their acceptance.
struct Place: Sendable, Comparable {
  var order: Int64
  var position: Int64
  var slot: Int

  static func == (a: Place, b: Place) -> Bool { a.order == b.order && a.position == b.position }

  static func < (a: Place, b: Place) -> Bool { a.order != b.order ? a.order < b.order : a.position < b.position }
}

/// Places in order: sorted chunks of bounded size, so that inserting and removing move few elements. Not generic, because
/// the simulation runs without whole-module optimisation.
struct PlaceSet: Sendable {
  private var chunks: [[Place]] = []
  private(set) var count = 0
  private static var largestChunk: Int { 256 }

  init() {}

  var isEmpty: Bool { count == 0 }

  var first: Place? { chunks.first?.first }

  var last: Place? { chunks.last?.last }

  /// Adds an element; `false` when it was there.
  @discardableResult
  mutating func insert(_ element: Place) -> Bool {
    guard !chunks.isEmpty else {
      chunks = [[element]]
      count = 1
      return true
    }
    let chunk = chunkIndex(for: element)
    let index = lowerBound(of: element, in: chunk)
    if index < chunks[chunk].count, chunks[chunk][index] == element { return false }
    chunks[chunk].insert(element, at: index)
    count += 1
    if chunks[chunk].count > Self.largestChunk { split(chunk) }
    return true
  }

  /// Removes an element; `false` when it was not there.
  @discardableResult
  mutating func remove(_ element: Place) -> Bool {
    guard !chunks.isEmpty else { return false }
    let chunk = chunkIndex(for: element)
    let index = lowerBound(of: element, in: chunk)
    guard index < chunks[chunk].count, chunks[chunk][index] == element else { return false }
    chunks[chunk].remove(at: index)
    count -= 1
    if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
    return true
  }

  func contains(_ element: Place) -> Bool {
    guard !chunks.isEmpty else { return false }
    let chunk = chunkIndex(for: element)
    let index = lowerBound(of: element, in: chunk)
    return index < chunks[chunk].count && chunks[chunk][index] == element
  }

  /// The smallest element above one, which need not be in the set.
  func next(after element: Place) -> Place? {
    guard !chunks.isEmpty else { return nil }
    let chunk = chunkIndex(for: element)
    var index = lowerBound(of: element, in: chunk)
    if index < chunks[chunk].count, chunks[chunk][index] == element { index += 1 }
    if index < chunks[chunk].count { return chunks[chunk][index] }
    return chunk + 1 < chunks.count ? chunks[chunk + 1].first : nil
  }

  /// The greatest element below one, which need not be in the set.
  func previous(before element: Place) -> Place? {
    guard !chunks.isEmpty else { return nil }
    let chunk = chunkIndex(for: element)
    let index = lowerBound(of: element, in: chunk)
    if index > 0 { return chunks[chunk][index - 1] }
    return chunk > 0 ? chunks[chunk - 1].last : nil
  }

  /// The last chunk that begins at or before an element, or the first chunk.
  private func chunkIndex(for element: Place) -> Int {
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      if element < chunks[middle][0] { high = middle } else { low = middle + 1 }
    }
    return max(0, low - 1)
  }

  private func lowerBound(of element: Place, in chunk: Int) -> Int {
    var low = 0
    var high = chunks[chunk].count
    while low < high {
      let middle = (low + high) / 2
      if chunks[chunk][middle] < element { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func split(_ chunk: Int) {
    let half = chunks[chunk].count / 2
    let upper = Array(chunks[chunk][half...])
    chunks[chunk].removeSubrange(half...)
    chunks.insert(upper, at: chunk + 1)
  }
}
