import CelerityCore
import CelerityJSON

/// Says a schema in words: `integer, 0 to 9, or null`.
struct SchemaPhrase {
  let schema: JSONSchema

  /// The words, with links to the named schemas.
  func write(to html: inout HTML) {
    writeShape(to: &html)
    if schema.isNullable { html.text(" or null") }
    for limit in limits { html.text(", " + limit) }
    if let values = schema.values, !isConstant { writeValues(values, &html) }
    if let value = schema.defaultValue {
      html.text(", default ")
      html.element("code", text: value.description)
    }
  }

  private var isConstant: Bool { schema.values == [.null] }

  private func writeShape(to html: inout HTML) {
    switch schema.shape {
    case .any: html.text("any JSON")
    case .boolean: html.text("boolean")
    case .integer: html.text("integer")
    case .number: html.text("number")
    case .string where isConstant: html.text("null")
    case .string: html.text(schema.format == "date-time" ? "time" : "string")
    case .array(let element):
      html.text("array of ")
      SchemaPhrase(schema: element).write(to: &html)
    case .object(_, .of(let value)):
      html.text("object of ")
      SchemaPhrase(schema: value).write(to: &html)
    case .object: html.text("object")
    case .oneOf(let schemas):
      for (index, choice) in schemas.enumerated() {
        if index > 0 { html.text(" or ") }
        SchemaPhrase(schema: choice).write(to: &html)
      }
    case .reference(let name): html.element("a", ["href": "#schema-" + name], text: name)
    }
  }

  private var limits: [String] {
    var unit = ""
    if case .string = schema.shape { unit = " characters" }
    if case .array = schema.shape { unit = " elements" }
    let size = range(schema.minimumLength.map(String.init), schema.maximumLength.map(String.init)).map { $0 + unit }
    let least = schema.minimum.map { (schema.isMinimumExclusive ? "more than " : "") + number($0) }
    let value =
      schema.isMinimumExclusive
      ? [least, schema.maximum.map { "up to " + number($0) }].compactMap(\.self).joined(separator: ", ")
      : range(least, schema.maximum.map(number)) ?? ""
    return [size, value.isEmpty ? nil : value].compactMap(\.self)
  }

  private func range(_ least: String?, _ most: String?) -> String? {
    switch (least, most) {
    case (let least?, let most?): "\(least) to \(most)"
    case (let least?, nil): "at least \(least)"
    case (nil, let most?): "at most \(most)"
    case (nil, nil): nil
    }
  }

  private func number(_ value: Double) -> String {
    Int64(exactly: value).map { String($0) } ?? "\(value)"
  }

  private func writeValues(_ values: [RawJSON], _ html: inout HTML) {
    html.text(": ")
    for (index, value) in values.enumerated() {
      if index > 0 { html.text(index == values.count - 1 ? " or " : ", ") }
      html.element("code", text: value.stringValue ?? value.description)
    }
  }
}
