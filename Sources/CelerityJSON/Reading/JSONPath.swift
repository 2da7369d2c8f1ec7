/// The way from the outermost value to a byte of a text.
///
/// The validator keeps no path; when it refuses a text, the path is found here by reading once more up to the fault.
/// What lies before the fault is known to be well-formed.
struct JSONPath {
  private enum Step {
    case index(Int)
    case name(StringToken?)
  }

  /// Longer pointers are left out: they would carry the text back to its sender.
  private static let maximumPointerBytes = 1024

  private var steps: [Step] = []

  /// The RFC 6901 pointer to the innermost member, element or container that holds the byte at `offset`.
  static func pointer(to offset: Int, in text: UnsafeBufferPointer<UInt8>) -> String? {
    var path = JSONPath()
    path.follow(UnsafeBufferPointer(rebasing: text.prefix(offset)))
    return path.pointer(in: text)
  }

  private mutating func follow(_ text: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "{"): steps.append(.name(nil))
      case UInt8(ascii: "["): steps.append(.index(0))
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = steps.popLast()
      case UInt8(ascii: ","): nextStep()
      case UInt8(ascii: "\""):
        var walker = JSONWalker(text, at: index)
        guard let token = walker.skipString() else { return }
        if case .name(nil) = steps.last { steps[steps.count - 1] = .name(token) }
        index = walker.position
        continue
      default: break
      }
      index &+= 1
    }
  }

  private mutating func nextStep() {
    switch steps.last {
    case .index(let index): steps[steps.count - 1] = .index(index + 1)
    case .name: steps[steps.count - 1] = .name(nil)
    case nil: break
    }
  }

  private func pointer(in text: UnsafeBufferPointer<UInt8>) -> String? {
    var pointer = ""
    for step in steps {
      switch step {
      case .index(let index): pointer += "/\(index)"
      case .name(nil): continue
      case .name(let token?):
        guard token.content.count <= Self.maximumPointerBytes else { return nil }
        pointer += "/" + escapedForPointer(token.string(in: text))
      }
      guard pointer.utf8.count <= Self.maximumPointerBytes else { return nil }
    }
    return pointer
  }
}
