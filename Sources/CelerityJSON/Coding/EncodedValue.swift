/// A value between its type and its text.
///
/// Containers may be filled in any order, even after their parent got further members; therefore the tree comes first
/// and the text last.
enum EncodedValue {
  case null
  case bool(Bool)
  case string(String)
  /// Digits that are valid JSON already.
  case number(String)
  case raw(RawJSON)
  case array(EncodedArray)
  case object(EncodedObject)
  case slot(EncodedSlot)

  /// The elements of an array so far.
  final class EncodedArray {
    var elements: [EncodedValue] = []
  }

  /// The members of an object so far; a name encoded again replaces its value.
  final class EncodedObject {
    private(set) var index = NameIndex()
    private(set) var values: [EncodedValue] = []

    subscript(name: String) -> EncodedValue? {
      index.position(of: name).map { values[$0] }
    }

    func set(_ value: EncodedValue, for name: String) {
      if let position = index.position(of: name) {
        values[position] = value
      } else {
        index.append(name)
        values.append(value)
      }
    }
  }

  /// The place of a value that its encoder will supply.
  final class EncodedSlot {
    private(set) var value: EncodedValue?
    private(set) var isContested = false

    /// Supplies the value; a second one makes the slot contested, which is reported when the text is written.
    func set(_ new: EncodedValue) {
      isContested = isContested || value != nil
      value = new
    }
  }

  /// The value as its type encodes it.
  init<Value: Encodable>(
    _ value: Value, at path: [any CodingKey], userInfo: [CodingUserInfoKey: any Sendable]
  ) throws {
    guard path.count <= maximumCodingDepth else { throw Self.tooDeep(value, path) }
    let slot = EncodedSlot()
    try value.encode(to: ValueEncoder(slot: slot, codingPath: path, jsonUserInfo: userInfo))
    self = slot.isContested ? .slot(slot) : slot.value ?? .slot(slot)
  }

  init<Value: FixedWidthInteger>(integer value: Value) {
    self = .number(value.description)
  }

  /// The shortest digits; refused when there are none.
  init<Value: BinaryFloatingPoint & LosslessStringConvertible>(
    float value: Value, at path: @autoclosure () -> [any CodingKey]
  ) throws {
    guard value.isFinite else {
      let context = EncodingError.Context(codingPath: path(), debugDescription: "JSON has no form for \(value)")
      throw EncodingError.invalidValue(value, context)
    }
    self = .number(value.description)
  }

  static func tooDeep(_ value: Any, _ path: [any CodingKey]) -> EncodingError {
    let description = "nested deeper than \(maximumCodingDepth) levels"
    return .invalidValue(value, EncodingError.Context(codingPath: path, debugDescription: description))
  }
}
