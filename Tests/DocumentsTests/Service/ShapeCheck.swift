import CelerityJSON

/// What of JSON Schema (draft 2020-12) the service's schemas use, as a check: the places where a value breaks a schema.
enum ShapeCheck {
  static func faults(of value: RawJSON, against schema: RawJSON, at place: String = "") -> [String] {
    var faults: [String] = []
    for keyword in schema.members() ?? [] {
      faults += Self.faults(of: value, keyword, at: place)
    }
    for member in value.members() ?? [] where schema["properties"] != nil || schema["additionalProperties"] != nil {
      let inner = "\(place)/\(member.name)"
      if let property = schema["properties"]?[member.name] {
        faults += Self.faults(of: member.value, against: property, at: inner)
      } else if let additional = schema["additionalProperties"] {
        if additional == .false { faults.append("\(inner): not allowed") }
        if additional.kind == .object { faults += Self.faults(of: member.value, against: additional, at: inner) }
      }
    }
    return faults
  }

  private static func faults(of value: RawJSON, _ keyword: JSONMember, at place: String) -> [String] {
    let rule = keyword.value
    func check(_ holds: Bool) -> [String] { holds ? [] : ["\(place): \(keyword.name)"] }
    func bound(_ holds: (Double, Double) -> Bool) -> [String] {
      guard let number = value.doubleValue, let limit = rule.doubleValue else { return [] }
      return check(holds(number, limit))
    }
    func length(_ holds: (Int, Int) -> Bool) -> [String] {
      guard let count = value.stringValue?.count ?? value.elements()?.count, let limit = rule.int64Value else {
        return []
      }
      return check(holds(count, Int(limit)))
    }
    switch keyword.name {
    case "type": return check((rule.elements() ?? [rule]).compactMap(\.stringValue).contains { isOf($0, value) })
    case "enum": return check(rule.elements()?.contains(value) == true)
    case "minimum": return bound(>=)
    case "maximum": return bound(<=)
    case "minLength", "minItems": return length(>=)
    case "maxLength", "maxItems": return length(<=)
    case "oneOf":
      return check((rule.elements() ?? []).count { Self.faults(of: value, against: $0).isEmpty } == 1)
    case "items":
      return (value.elements() ?? []).enumerated().flatMap { index, element in
        Self.faults(of: element, against: rule, at: "\(place)/\(index)")
      }
    case "required":
      guard value.kind == .object else { return [] }
      return (rule.elements() ?? []).compactMap(\.stringValue).filter { value[$0] == nil }.map {
        "\(place)/\($0): missing"
      }
    case "properties", "additionalProperties", "description", "default", "examples", "format": return []
    default: return ["\(place): unknown keyword \(keyword.name)"]
    }
  }

  private static func isOf(_ name: String, _ value: RawJSON) -> Bool {
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
