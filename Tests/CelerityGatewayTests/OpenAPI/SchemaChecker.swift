import CelerityCore
import CelerityJSON
import Testing

/// Checks values against the schemas of an OpenAPI document: the keywords that our schemas use (JSON Schema 2020-12).
///
/// It is stricter than the standard in one thing. Objects of answers are published as open, so that they may grow; here a
/// member that the schema does not name is an error, because it shows that the schema is behind the code.
struct SchemaChecker {
  let document: RawJSON

  /// Everything that does not fit, each with its place.
  func issues(_ value: RawJSON, _ schema: RawJSON, at place: String = "") -> [String] {
    if let reference = schema["$ref"]?.stringValue {
      guard let target = resolve(reference) else { return ["\(place): \(reference) leads nowhere"] }
      return issues(value, target, at: place)
    }
    for keyword in ["anyOf", "oneOf"] {
      guard let choices = schema[keyword]?.elements() else { continue }
      let fitting = choices.filter { issues(value, $0, at: place).isEmpty }
      guard keyword == "anyOf" ? !fitting.isEmpty : fitting.count == 1 else {
        return ["\(place): fits \(fitting.count) of \(keyword)"]
      }
    }
    return typeIssues(value, schema, place) + limitIssues(value, schema, place) + memberIssues(value, schema, place)
      + elementIssues(value, schema, place)
  }

  private func resolve(_ reference: String) -> RawJSON? {
    reference.split(separator: "/").dropFirst().reduce(document) { $0?[String($1)] }
  }

  private func typeIssues(_ value: RawJSON, _ schema: RawJSON, _ place: String) -> [String] {
    guard let type = schema["type"] else { return [] }
    let names = type.elements()?.compactMap(\.stringValue) ?? [type.stringValue].compactMap(\.self)
    let isOf = names.contains { name in
      switch name {
      case "null": value.isNull
      case "boolean": value.kind == .boolean
      case "integer": value.kind == .number && value.doubleValue.map { $0 == $0.rounded() } == true
      case "number": value.kind == .number
      case "string": value.kind == .string
      case "array": value.kind == .array
      case "object": value.kind == .object
      default: false
      }
    }
    return isOf ? [] : ["\(place): \(value) is not \(type)"]
  }

  private func limitIssues(_ value: RawJSON, _ schema: RawJSON, _ place: String) -> [String] {
    var found: [String] = []
    if let values = schema["enum"]?.elements(), !values.contains(value) {
      found.append("\(place): \(value) not in enum")
    }
    if let number = value.doubleValue {
      if let limit = schema["minimum"]?.doubleValue, number < limit { found.append("\(place): \(number) < \(limit)") }
      if let limit = schema["exclusiveMinimum"]?.doubleValue, number <= limit { found.append("\(place): too small") }
      if let limit = schema["maximum"]?.doubleValue, number > limit { found.append("\(place): \(number) > \(limit)") }
    }
    if let text = value.stringValue {
      let count = Int64(text.unicodeScalars.count)
      if let limit = schema["minLength"]?.int64Value, count < limit { found.append("\(place): too short") }
      if let limit = schema["maxLength"]?.int64Value, count > limit { found.append("\(place): too long") }
      if schema["format"]?.stringValue == "date-time", Timestamp(text) == nil { found.append("\(place): no time") }
    }
    return found
  }

  private func memberIssues(_ value: RawJSON, _ schema: RawJSON, _ place: String) -> [String] {
    guard let members = value.members() else { return [] }
    let properties = schema["properties"]
    let required = schema["required"]?.elements()?.compactMap(\.stringValue) ?? []
    var found = required.filter { name in !members.contains { $0.name == name } }.map { "\(place): no '\($0)'" }
    for member in members {
      let path = "\(place)/\(member.name)"
      if let property = properties?[member.name] {
        found += issues(member.value, property, at: path)
      } else if let additional = schema["additionalProperties"], additional.kind == .object {
        found += issues(member.value, additional, at: path)
      } else if properties != nil || schema["additionalProperties"] == .false {
        found.append("\(path): is not in the schema")
      }
    }
    return found
  }

  private func elementIssues(_ value: RawJSON, _ schema: RawJSON, _ place: String) -> [String] {
    guard let elements = value.elements() else { return [] }
    var found: [String] = []
    if let limit = schema["minItems"]?.int64Value, elements.count < limit { found.append("\(place): too few") }
    if let limit = schema["maxItems"]?.int64Value, elements.count > limit { found.append("\(place): too many") }
    guard let items = schema["items"] else { return found }
    return found + elements.enumerated().flatMap { issues($1, items, at: "\(place)/\($0)") }
  }
}

extension SchemaChecker {
  /// The operation of a method and a path template.
  func operation(_ method: String, _ template: String) -> RawJSON? { document["paths"]?[template]?[method] }

  /// Checks that an answer is one that the document foresees for an operation.
  func expectFits(
    _ reply: Reply, _ method: String, _ template: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard let responses = operation(method, template)?["responses"] else {
      Issue.record("\(method) \(template) is not in the document", sourceLocation: sourceLocation)
      return
    }
    guard let response = responses[String(reply.status)] else {
      Issue.record("\(method) \(template) does not declare \(reply.status)", sourceLocation: sourceLocation)
      return
    }
    guard let content = response["content"] else {
      #expect(reply.body.isEmpty, "a body that is not declared", sourceLocation: sourceLocation)
      return
    }
    guard let form = content[reply["content-type"] ?? ""] else {
      Issue.record("\(reply["content-type"] ?? "-") is not declared", sourceLocation: sourceLocation)
      return
    }
    guard reply["content-type"]?.hasSuffix("json") == true, let schema = form["schema"] else { return }
    let found = issues(reply.json, schema)
    #expect(found.isEmpty, "\(method) \(template): \(found)\n\(reply.text)", sourceLocation: sourceLocation)
  }
}
