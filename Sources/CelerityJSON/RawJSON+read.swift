/// One member of a JSON object.
public struct JSONMember: Sendable, Hashable {
  /// The name, its escapes resolved.
  public let name: String
  /// The value.
  public let value: RawJSON

  /// A member of the given name and value.
  public init(name: String, value: RawJSON) {
    self.name = name
    self.value = value
  }
}

/// Readers that rely on the validation done before and therefore only look for boundaries.
extension RawJSON {
  /// The members of an object in their order, nil for any other value.
  public func members() -> [JSONMember]? {
    guard kind == .object else { return nil }
    return bytes.withUnsafeBufferPointer { buffer in
      var walker = JSONWalker(buffer)
      var members: [JSONMember] = []
      let complete = walker.eachMember { name, value in
        members.append(JSONMember(name: name.string(in: buffer), value: RawJSON(unchecked: Array(buffer[value]))))
        return true
      }
      return complete ? members : nil
    }
  }

  /// The elements of an array in their order, nil for any other value.
  public func elements() -> [RawJSON]? {
    guard kind == .array else { return nil }
    return bytes.withUnsafeBufferPointer { buffer in
      var walker = JSONWalker(buffer)
      var elements: [RawJSON] = []
      let complete = walker.eachElement { elements.append(RawJSON(unchecked: Array(buffer[$0]))) }
      return complete ? elements : nil
    }
  }

  /// The value of an object's member; nil when there is none or the value is no object.
  ///
  /// Names are compared code point by code point, as RFC 8259, section 8.3 says, so canonically equivalent spellings are
  /// different names.
  public subscript(name: String) -> RawJSON? {
    guard kind == .object else { return nil }
    return bytes.withUnsafeBufferPointer { buffer in
      var walker = JSONWalker(buffer)
      var found: Range<Int>?
      _ = walker.eachMember { token, value in
        guard token.matches(name, in: buffer) else { return true }
        found = value
        return false
      }
      return found.map { RawJSON(unchecked: Array(buffer[$0])) }
    }
  }

  /// Whether the value is `null`.
  public var isNull: Bool {
    kind == .null
  }

  /// The characters of a string, nil for any other value.
  public var stringValue: String? {
    guard kind == .string else { return nil }
    return bytes.withUnsafeBufferPointer { buffer in
      var walker = JSONWalker(buffer)
      return walker.skipString()?.string(in: buffer)
    }
  }

  /// The truth value of a boolean, nil for any other value.
  public var boolValue: Bool? {
    kind == .boolean ? bytes.first == UInt8(ascii: "t") : nil
  }

  /// The value of an integer literal that fits, `-0` included; nil for `1.0`, `1e3` and everything else.
  public var int64Value: Int64? {
    bytes.withUnsafeBufferPointer { exactInteger($0) }
  }

  /// The nearest `Double` of a number; nil beyond its range and for any other value.
  public var doubleValue: Double? {
    guard kind == .number else { return nil }
    return Double(description).flatMap { $0.isFinite ? $0 : nil }
  }
}
