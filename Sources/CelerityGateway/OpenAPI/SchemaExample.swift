import CelerityCore
import CelerityJSON

/// Makes a value that fits a schema, for examples nobody wrote by hand.
struct SchemaExample: Sendable {
  /// Whether members that may be left out are left out, as in the shortest request.
  let isShort: Bool
  private let components: [String: JSONSchema]
  private static let depthLimit = 16

  /// Examples in which references mean these components.
  init(components: [(String, JSONSchema)], isShort: Bool = false) {
    self.components = Dictionary(components) { first, _ in first }
    self.isShort = isShort
  }

  /// A value of a schema.
  func value(of schema: JSONSchema) -> RawJSON { value(of: schema, named: "text", 0) }

  private func value(of schema: JSONSchema, named name: String, _ depth: Int) -> RawJSON {
    if let given = schema.example ?? schema.defaultValue ?? schema.values?.first { return given }
    if schema.isNullable || depth > Self.depthLimit { return .null }
    switch schema.shape {
    case .any: return .null
    case .boolean: return .false
    case .integer: return .integer(Int64(number(schema)))
    case .number: return RawJSON.double(number(schema)) ?? .integer(0)
    case .string: return .string(text(schema, name))
    case .array(let element):
      let one = value(of: element, named: name, depth + 1)
      return .array(Array(repeating: one, count: max(1, schema.minimumLength ?? 1)))
    case .object(let properties, _):
      let shown = isShort ? properties.filter(\.isRequired) : properties
      return .object(shown.map { ($0.name, value(of: $0.schema, named: $0.name, depth + 1)) })
    case .oneOf(let schemas):
      return schemas.first.map { value(of: $0, named: name, depth + 1) } ?? .null
    case .reference(let name):
      return components[name].map { value(of: $0, named: name, depth + 1) } ?? .null
    }
  }

  private func number(_ schema: JSONSchema) -> Double {
    let lowest = schema.minimum ?? min(1, schema.maximum ?? 1)
    guard schema.isMinimumExclusive else { return lowest }
    guard let highest = schema.maximum, lowest + 1 > highest else { return lowest + 1 }
    return (lowest + highest) / 2
  }

  private func text(_ schema: JSONSchema, _ name: String) -> String {
    if schema.format == "date-time" { return "2026-03-01T12:00:00.000000Z" }
    let missing = (schema.minimumLength ?? 0) - name.unicodeScalars.count
    return missing > 0 ? name + String(repeating: "x", count: missing) : name
  }
}
