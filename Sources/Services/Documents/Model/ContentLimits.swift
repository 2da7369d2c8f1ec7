/// How much a document may hold: beyond it nobody reads, and typesetters run out of memory.
struct ContentLimits: Sendable {
  var characters = 200_000
  var values = 20_000

  /// Throws if the data holds more.
  func check(_ data: JSONTree) throws(DocumentError) {
    var size = (characters: 0, values: 0)
    Self.measure(data, &size)
    if size.characters > characters {
      throw DocumentError(.tooLong, "the document has \(size.characters) characters, \(characters) at most are set")
    }
    if size.values > values {
      throw DocumentError(.tooLong, "the document has \(size.values) values, \(values) at most are set")
    }
  }

  private static func measure(_ value: JSONTree, _ size: inout (characters: Int, values: Int)) {
    size.values += 1
    switch value {
    case .string(let text): size.characters += text.unicodeScalars.count
    case .scalar: size.characters += 1
    case .array(let elements): for element in elements { measure(element, &size) }
    case .object(let members):
      for member in members {
        size.characters += member.name.unicodeScalars.count
        measure(member.value, &size)
      }
    }
  }
}
