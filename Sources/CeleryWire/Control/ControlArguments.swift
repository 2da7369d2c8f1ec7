public import CelerityJSON

/// A command's keyword arguments, read as loosely as clients write them: the command line sends numbers as numbers, Flower
/// sends them as text, and flags as 0 and 1.
public struct ControlArguments: Sendable, Hashable {
  public var members: [JSONMember]

  /// Arguments by name.
  public init(_ members: [JSONMember]) { self.members = members }

  /// The value of a name; an explicit null counts as absent.
  public subscript(name: String) -> RawJSON? { members.value(name) }

  /// The first name that is none of these.
  func unexpected(beyond names: Set<String>) -> String? { members.first { !names.contains($0.name) }?.name }

  /// The first of these names that is absent altogether; a null is there.
  func missing(of names: [String]) -> [String] { names.filter { name in !members.contains { $0.name == name } } }

  /// A text; numbers are taken for their digits.
  func text(_ name: String) -> String? {
    guard let value = self[name] else { return nil }
    return value.stringValue ?? (value.kind == .number ? value.description : nil)
  }

  /// A whole number, also one that is written as text or as `1.0`.
  func integer(_ name: String) -> Int? {
    number(name).flatMap { Int(exactly: $0.rounded(.towardZero)) }
  }

  /// A number, also one that is written as text.
  func number(_ name: String) -> Double? {
    guard let value = self[name] else { return nil }
    return (value.doubleValue ?? value.stringValue.flatMap { Double($0) }).flatMap { $0.isFinite ? $0 : nil }
  }

  /// Whether a value is true as Python takes it.
  func flag(_ name: String) -> Bool {
    guard let value = self[name] else { return false }
    switch value.kind {
    case .boolean: return value.boolValue == true
    case .number: return value.doubleValue != 0
    case .string: return !["", "0", "false", "no", "off"].contains(value.stringValue?.lowercased() ?? "")
    case .array: return value.elements()?.isEmpty == false
    case .object: return value.members()?.isEmpty == false
    case .null: return false
    }
  }

  /// Texts, of which one may stand alone. Each once, in their order.
  public func texts(_ name: String) -> [String] {
    guard let value = self[name] else { return [] }
    var seen: Set<String> = []
    return (value.elements() ?? [value])
      .compactMap { $0.stringValue ?? ($0.kind == .number ? $0.description : nil) }
      .filter { seen.insert($0).inserted }
  }
}
