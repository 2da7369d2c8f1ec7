/// The keys of places that no type names.
struct PathKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  /// The place of an element, spelled as the standard library's own coders spell it.
  init(index: Int) {
    stringValue = "Index \(index)"
    intValue = index
  }

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) {
    self.init(index: intValue)
  }

  /// Where a class keeps what belongs to its superclass.
  static let `super` = PathKey(stringValue: "super")
}
