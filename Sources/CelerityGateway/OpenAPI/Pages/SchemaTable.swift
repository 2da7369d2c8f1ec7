import CelerityCore
import CelerityJSON

/// The members of an object as a table; those of objects inside it follow with a longer name.
struct SchemaTable {
  let schema: JSONSchema
  let caption: String

  private struct Row {
    let name: String
    let schema: JSONSchema
    let isRequired: Bool
  }

  /// Whether there is anything to tell in a table.
  var isEmpty: Bool { rows.isEmpty }

  private var rows: [Row] { Self.rows(of: schema, under: "", depth: 0) }

  /// Writes the table.
  func write(to html: inout HTML) {
    Self.table(["Member", "Type", "Meaning"], caption: caption, &html) { html in
      for row in rows {
        html.element("tr") { html in
          html.element("th", ["scope": "row"]) { html in
            html.element("code", text: row.name)
            if row.isRequired { html.element("span", ["class": "required"], text: " required") }
          }
          html.element("td", ["data-label": "Type"]) { SchemaPhrase(schema: row.schema).write(to: &$0) }
          html.element("td") { Markdown.writeInline(row.schema.description ?? "", to: &$0) }
        }
      }
    }
  }

  /// A table with its head; on narrow screens it scrolls by itself.
  static func table(_ columns: [String], caption: String, _ html: inout HTML, _ body: (inout HTML) -> Void) {
    html.element("div", ["class": "table", "role": "region", "tabindex": "0", "aria-label": caption]) { html in
      html.element("table") { html in
        html.element("caption", text: caption)
        html.element("thead") { html in
          html.element("tr") { html in
            for column in columns { html.element("th", ["scope": "col"], text: column) }
          }
        }
        html.element("tbody") { body(&$0) }
      }
    }
    html.line()
  }

  private static func rows(of schema: JSONSchema, under prefix: String, depth: Int) -> [Row] {
    guard depth < 4 else { return [] }
    switch schema.shape {
    case .array(let element): return rows(of: element, under: prefix + "[]", depth: depth + 1)
    case .object(let properties, _):
      let path = prefix.isEmpty ? "" : prefix + "."
      return properties.flatMap { property in
        let name = path + property.name
        return [Row(name: name, schema: property.schema, isRequired: property.isRequired)]
          + rows(of: property.schema, under: name, depth: depth + 1)
      }
    case .any, .boolean, .integer, .number, .string, .oneOf, .reference: return []
    }
  }
}
