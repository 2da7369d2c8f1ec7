extension EncodedValue {
  /// Writes the tree; an encoder that supplied nothing leaves an empty object.
  func write(to writer: inout JSONWriter, sortedKeys: Bool, depth: Int) throws {
    guard depth <= maximumCodingDepth else { throw Self.tooDeep(self, []) }
    switch self {
    case .null: writer.null()
    case .bool(let value): writer.bool(value)
    case .string(let value): writer.string(value)
    case .number(let digits): writer.number(digits)
    case .raw(let value): writer.raw(value)
    case .array(let array):
      writer.beginArray()
      for element in array.elements { try element.write(to: &writer, sortedKeys: sortedKeys, depth: depth + 1) }
      writer.endArray()
    case .object(let object):
      try object.write(to: &writer, sortedKeys: sortedKeys, depth: depth)
    case .slot(let slot):
      guard !slot.isContested else { throw Self.contested(slot) }
      try (slot.value ?? .object(EncodedObject())).write(to: &writer, sortedKeys: sortedKeys, depth: depth)
    }
  }

  private static func contested(_ slot: EncodedSlot) -> EncodingError {
    let description = "a type encoded more than one value in one place"
    return .invalidValue(slot, EncodingError.Context(codingPath: [], debugDescription: description))
  }
}

extension EncodedValue.EncodedObject {
  fileprivate func write(to writer: inout JSONWriter, sortedKeys: Bool, depth: Int) throws {
    var members = Array(zip(index.names, values))
    if sortedKeys { members.sort { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) } }
    writer.beginObject()
    for (name, value) in members {
      writer.key(name)
      try value.write(to: &writer, sortedKeys: sortedKeys, depth: depth + 1)
    }
    writer.endObject()
  }
}
