/// Finds names by their exact code points.
///
/// `String` equality would merge canonically equivalent names, which JSON keeps apart (RFC 8259, section 8.3). Few names
/// are compared in turn; many are found by hash.
struct NameIndex {
  private(set) var names: [String] = []
  private var positions: [[UInt8]: Int] = [:]
  private static let fewNames = 16

  /// The position of the first such name.
  func position(of name: String) -> Int? {
    guard positions.isEmpty else { return positions[Array(name.utf8)] }
    return names.firstIndex { $0.utf8.elementsEqual(name.utf8) }
  }

  mutating func append(_ name: String) {
    names.append(name)
    if !positions.isEmpty {
      insertPosition(names.count - 1)
    } else if names.count > Self.fewNames {
      for position in names.indices { insertPosition(position) }
    }
  }

  private mutating func insertPosition(_ position: Int) {
    let name = Array(names[position].utf8)
    if positions[name] == nil { positions[name] = position }
  }
}
