/// Values made here; their text is valid by construction.
extension RawJSON {
  /// `null`
  public static let null = RawJSON(unchecked: Array("null".utf8))
  /// `true`
  public static let `true` = RawJSON(unchecked: Array("true".utf8))
  /// `false`
  public static let `false` = RawJSON(unchecked: Array("false".utf8))
  /// `[]`
  public static let emptyArray = RawJSON(unchecked: Array("[]".utf8))
  /// `{}`
  public static let emptyObject = RawJSON(unchecked: Array("{}".utf8))

  /// `true` or `false`.
  public static func bool(_ value: Bool) -> RawJSON {
    value ? .true : .false
  }

  /// The string with the escapes JSON requires.
  public static func string(_ value: String) -> RawJSON {
    written { $0.string(value) }
  }

  /// The integer in decimal digits.
  public static func integer(_ value: Int64) -> RawJSON {
    written { $0.integer(value) }
  }

  /// The shortest decimal form that reads back as the same number; nil for infinities and not-a-number.
  public static func double(_ value: Double) -> RawJSON? {
    value.isFinite ? written { $0.double(value) } : nil
  }

  /// An array of the values in order.
  public static func array(_ elements: [RawJSON]) -> RawJSON {
    written {
      $0.beginArray()
      for element in elements { $0.raw(element) }
      $0.endArray()
    }
  }

  /// An object of the members in order; the caller sees to it that the names differ.
  public static func object(_ members: [(String, RawJSON)]) -> RawJSON {
    written {
      $0.beginObject()
      for (name, value) in members { $0.member(name, value) }
      $0.endObject()
    }
  }

  private static func written(_ body: (inout JSONWriter) -> Void) -> RawJSON {
    var writer = JSONWriter()
    body(&writer)
    return writer.finish()
  }
}
