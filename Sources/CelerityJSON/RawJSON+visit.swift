/// Reading in place, for texts of which most is passed over.
extension RawJSON {
  /// Where a member of an object stands in the text.
  public struct MemberPlace {
    /// The name between its quotes, as it is written.
    public let name: UnsafeBufferPointer<UInt8>
    /// Whether the name holds a backslash.
    public let isEscaped: Bool
    /// The text of the value.
    public let value: UnsafeBufferPointer<UInt8>

    /// The name, its escapes resolved.
    public var nameText: String {
      isEscaped ? String(decoding: name.unescaped, as: UTF8.self) : String(decoding: name, as: UTF8.self)
    }

    /// A copy of the value.
    public var raw: RawJSON { RawJSON(unchecked: Array(value)) }

    /// Whether the value is `null`.
    public var isNull: Bool { RawJSON.Kind(firstByte: value.first) == .null }

    /// Whether the name is exactly this one.
    public func isNamed(_ text: StaticString) -> Bool {
      if isEscaped {
        return name.unescaped.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
      }
      guard name.count == text.utf8CodeUnitCount else { return false }
      return name.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
  }

  /// Calls `body` for each member of an object in its order; nothing of a place may be kept. Answers whether this is an
  /// object.
  @discardableResult
  public func visitMembers(_ body: (MemberPlace) -> Void) -> Bool {
    guard kind == .object else { return false }
    return bytes.withUnsafeBufferPointer { buffer in
      var walker = JSONWalker(buffer)
      return walker.eachMember { name, value in
        body(
          MemberPlace(
            name: UnsafeBufferPointer(rebasing: buffer[name.content]), isEscaped: name.isEscaped,
            value: UnsafeBufferPointer(rebasing: buffer[value])))
        return true
      }
    }
  }
}
