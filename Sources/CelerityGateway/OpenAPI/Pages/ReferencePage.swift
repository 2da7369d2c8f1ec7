import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// The reference as one page without any script: made from the same description as the OpenAPI document, good on a small
/// screen and on paper.
struct ReferencePage {
  let description: APIDescription
  let base: String
  private let document: OpenAPIDocument
  private let common: [APIDescription.Answer]

  /// The page; `base` is where its `curl` lines lead.
  init(_ description: APIDescription, base: String) {
    self.description = description
    self.base = base
    document = OpenAPIDocument(description)
    common = Self.commonErrors(description.operations)
  }

  /// The page's text.
  func html(of page: Page, current: String, notice: String? = nil) -> String {
    page.html(current: current) { html in
      html.element("div", ["class": "columns"]) { html in
        html.element("nav", ["class": "contents", "aria-label": "Contents"]) { writeContents(&$0) }
        html.line()
        html.element("main", ["id": "main"]) { html in
          html.element("h1", text: "HTTP API")
          html.element("p", ["class": "lead"], text: "Celerity \(description.version) at \(base)")
          if let notice { html.element("div", ["class": "notice"]) { Markdown.write(notice, to: &$0) } }
          Markdown.write(Introduction.text, to: &html)
          for chapter in description.chapters { write(chapter, &html) }
          writeErrors(&html)
          writeSchemas(&html)
        }
      }
    }
  }

  private func writeContents(_ html: inout HTML) {
    html.element("ul") { html in
      for chapter in description.chapters {
        html.element("li") { html in
          html.element("a", ["href": "#chapter-" + chapter.name], text: chapter.name)
          html.element("ul") { html in
            for operation in chapter.operations {
              html.element("li") { html in
                html.element("a", ["href": "#" + operation.anchor]) { html in
                  Self.writeMethod(operation.route.method, &html)
                  Self.writePath(operation.route.path.description, &html)
                }
              }
            }
          }
        }
        html.line()
      }
      html.element("li") { $0.element("a", ["href": "#errors"], text: "errors") }
      html.element("li") { $0.element("a", ["href": "#schemas"], text: "schemas") }
    }
  }

  private func write(_ chapter: APIDescription.Chapter, _ html: inout HTML) {
    html.element("section", ["id": "chapter-" + chapter.name]) { html in
      html.element("h2", text: chapter.name)
      Markdown.write(chapter.about, to: &html)
      for operation in chapter.operations { write(operation, &html) }
    }
  }

  private func write(_ operation: APIDescription.Operation, _ html: inout HTML) {
    html.element("article", ["id": operation.anchor]) { html in
      html.element("h3") { html in
        Self.writeMethod(operation.route.method, &html)
        html.element("code", ["class": "path"]) { Self.writePath(operation.route.path.description, &$0) }
      }
      html.element("p", ["class": "summary"], text: operation.route.summary)
      Markdown.write(operation.text ?? "", to: &html)
      writeParameters(of: operation.route, &html)
      writeBody(of: operation.route, &html)
      html.element("h4", text: "Try it")
      html.element("pre", ["tabindex": "0"]) { html in
        html.element("code", text: CurlExample(operation: operation, document: document, base: base).text)
      }
      writeAnswers(of: operation, &html)
    }
    html.line()
  }

  /// A method as a word with a colour of its own.
  private static func writeMethod(_ method: Route.Method, _ html: inout HTML) {
    html.element("span", ["class": "method " + method.rawValue.lowercased()], text: method.rawValue)
    html.text(" ")
  }

  /// A path that may be broken behind its slashes.
  private static func writePath(_ path: String, _ html: inout HTML) {
    for (index, part) in path.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
      if index > 0 {
        html.text("/")
        html.void("wbr")
      }
      html.text(String(part))
    }
  }

  private func writeErrors(_ html: inout HTML) {
    html.element("section", ["id": "errors"]) { html in
      html.element("h2", text: "errors")
      Markdown.write("Any operation of the platform may answer these. [Every code](problems) has a page.", to: &html)
      writeTable(of: common, caption: "Errors of every operation", &html)
    }
  }

  private func writeSchemas(_ html: inout HTML) {
    html.element("section", ["id": "schemas"]) { html in
      html.element("h2", text: "schemas")
      for (name, schema) in description.schemas {
        html.element("article", ["id": "schema-" + name]) { html in
          html.element("h3") { $0.element("code", text: name) }
          Markdown.write(schema.description ?? "", to: &html)
          let table = SchemaTable(schema: schema, caption: "Members of \(name)")
          if table.isEmpty {
            html.element("p") { SchemaPhrase(schema: schema).write(to: &$0) }
          } else {
            table.write(to: &html)
          }
        }
        html.line()
      }
    }
  }

  /// Errors that at least half of the platform's operations declare in the same words; told once, not each time.
  private static func commonErrors(_ operations: [APIDescription.Operation]) -> [APIDescription.Answer] {
    let own = operations.filter { $0.service == nil }
    var order: [APIDescription.Answer] = []
    var counts: [APIDescription.Answer: Int] = [:]
    for answer in own.flatMap(\.answers) where answer.isError {
      if counts[answer] == nil { order.append(answer) }
      counts[answer, default: 0] += 1
    }
    return order.filter { (counts[$0] ?? 0) * 2 >= own.count }.sorted { $0.status < $1.status }
  }

  /// Whether an answer is told with all operations together.
  func isCommon(_ answer: APIDescription.Answer) -> Bool { common.contains(answer) }

  /// An answer's example as text.
  func example(of answer: APIDescription.Answer) -> String? {
    guard let form = answer.contents.first, let value = document.example(of: form, answer) else { return nil }
    return form.isJSON ? PrettyJSON.text(value) : value.stringValue ?? value.description
  }

  /// A body that is accepted.
  func bodyExample(of route: Route) -> String? {
    route.request.map { PrettyJSON.text(route.requestExample ?? document.bodies.value(of: $0)) }
  }
}

extension APIDescription.Operation {
  /// Where it is on the page.
  var anchor: String { "op-" + id }
}
