/// The newest names of a sequence, each once, in their order.
struct RecentNames: Sendable, Hashable {
  let capacity: Int
  private var places: [String: Int] = [:]
  /// By place; removed ones leave a gap.
  private var order: [String?] = []
  /// Before it there are only gaps.
  private var start = 0

  init(capacity: Int) { self.capacity = max(1, capacity) }

  var names: [String] { order[start...].compactMap(\.self) }

  func contains(_ name: String) -> Bool { places[name] != nil }

  /// Adds a name at the end; `false` when it is there already. The oldest one goes when there are too many.
  @discardableResult
  mutating func insert(_ name: String) -> Bool {
    guard places[name] == nil else { return false }
    places[name] = order.count
    order.append(name)
    if places.count > capacity { dropOldest() }
    if order.count > 2 * capacity + 16 { closeGaps() }
    return true
  }

  mutating func remove(_ name: String) {
    guard let place = places.removeValue(forKey: name) else { return }
    order[place] = nil
  }

  private mutating func dropOldest() {
    while start < order.count, order[start] == nil { start += 1 }
    guard start < order.count, let name = order[start] else { return }
    remove(name)
  }

  private mutating func closeGaps() {
    let names = names
    order = names
    start = 0
    places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
  }
}
