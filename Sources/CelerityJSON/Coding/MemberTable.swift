/// The members of one object, found by name.
struct MemberTable {
  private let text: [UInt8]
  private var index = NameIndex()
  private var values: [Range<Int>] = []

  /// Nil when the slice is not a complete object.
  init?(_ slice: JSONSlice) {
    text = slice.text
    let isComplete = slice.text.withUnsafeBufferPointer { buffer in
      var walker = JSONWalker(buffer, at: slice.range.lowerBound)
      return walker.eachMember { name, value in
        index.append(name.string(in: buffer))
        values.append(value)
        return true
      }
    }
    guard isComplete else { return nil }
  }

  var names: [String] { index.names }

  subscript(name: String) -> JSONSlice? {
    index.position(of: name).map { JSONSlice(text: text, range: values[$0]) }
  }
}
