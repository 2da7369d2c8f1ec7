import CelerityJSON

/// What of JSON Schema (draft 2020-12) the platform's schemas use, as a check: the places that break a schema, or an
/// unknown keyword of the schema itself.
struct SchemaCheck {
  private(set) var faults: [String] = []

  static func faults(of value: RawJSON, against schema: RawJSON) -> [String] {
    var check = SchemaCheck()
    check.visit(value, schema, "")
    return check.faults
  }

  private mutating func visit(_ value: RawJSON, _ schema: RawJSON, _ place: String) {
    for (keyword, rule) in (schema.members() ?? []).map({ ($0.name, $0.value) }) {
      switch keyword {
      case "type": require(Self.isOf(rule, value), place, keyword)
      case "minimum": bound(value, rule, place) { $0 >= $1 }
      case "exclusiveMinimum": bound(value, rule, place) { $0 > $1 }
      case "maximum": bound(value, rule, place) { $0 <= $1 }
      case "enum": require(rule.elements()?.contains(value) == true, place, keyword)
      case "minItems":
        require(value.elements().map { Double($0.count) >= rule.doubleValue ?? 0 } ?? true, place, keyword)
      case "items":
        for (index, element) in (value.elements() ?? []).enumerated() { visit(element, rule, "\(place)/\(index)") }
      case "required":
        for name in (rule.elements() ?? []).compactMap(\.stringValue) where value.kind == .object {
          require(value[name] != nil, "\(place)/\(name)", keyword)
        }
      case "properties", "additionalProperties": break
      case "description", "default", "examples", "format", "minLength", "maxLength": break
      default: faults.append("\(place): unknown keyword \(keyword)")
      }
    }
    for member in value.members() ?? [] {
      let inner = "\(place)/\(member.name)"
      if let property = schema["properties"]?[member.name] {
        visit(member.value, property, inner)
      } else if let additional = schema["additionalProperties"] {
        require(additional != .false, inner, "additionalProperties")
        if additional.kind == .object { visit(member.value, additional, inner) }
      }
    }
  }

  private mutating func require(_ holds: Bool, _ place: String, _ keyword: String) {
    if !holds { faults.append("\(place): \(keyword)") }
  }

  private mutating func bound(_ value: RawJSON, _ rule: RawJSON, _ place: String, _ holds: (Double, Double) -> Bool) {
    guard let number = value.doubleValue else { return }
    require(rule.doubleValue.map { holds(number, $0) } ?? false, place, "bound")
  }

  private static func isOf(_ rule: RawJSON, _ value: RawJSON) -> Bool {
    let names = (rule.elements() ?? [rule]).compactMap(\.stringValue)
    return names.contains { name in
      switch name {
      case "object": value.kind == .object
      case "array": value.kind == .array
      case "string": value.kind == .string
      case "number": value.kind == .number
      case "integer": value.kind == .number && value.doubleValue.map { $0 == $0.rounded() } ?? false
      case "boolean": value.kind == .boolean
      case "null": value.isNull
      default: false
      }
    }
  }
}
