import CelerityCore
import CelerityJSON
import CelerityRoutes

extension ReferencePage {
  /// The parameters of a route by the place where they are sent.
  func writeParameters(of route: Route, _ html: inout HTML) {
    let places = [("path", route.pathParameterList), ("query", route.parameters), ("header", route.headers)]
    guard places.contains(where: { !$0.1.isEmpty }) else { return }
    html.element("h4", text: "Parameters")
    SchemaTable.table(["Name", "In", "Type", "Meaning"], caption: "Parameters", &html) { html in
      for (place, parameters) in places {
        for parameter in parameters { write(parameter, place, &html) }
      }
    }
  }

  private func write(_ parameter: Route.Parameter, _ place: String, _ html: inout HTML) {
    html.element("tr") { html in
      html.element("th", ["scope": "row"]) { html in
        html.element("code", text: parameter.name)
        if place == "path" || parameter.isRequired {
          html.element("span", ["class": "required"], text: " required")
        }
      }
      html.element("td", ["data-label": "In"], text: place)
      html.element("td", ["data-label": "Type"]) { SchemaPhrase(schema: parameter.schema).write(to: &$0) }
      html.element("td") { Markdown.writeInline(parameter.description, to: &$0) }
    }
  }

  /// What a route's body must be, with one that is accepted.
  func writeBody(of route: Route, _ html: inout HTML) {
    guard let schema = route.request else { return }
    html.element("h4", text: "Body")
    html.element("p") { html in
      SchemaPhrase(schema: schema).write(to: &html)
      for (index, type) in route.requestMediaTypes.enumerated() {
        html.text(index == 0 ? " as " : " or ")
        html.element("code", text: type)
      }
      html.text(", at most \(Self.size(route.maximumBodyBytes))")
    }
    let table = SchemaTable(schema: schema, caption: "Members of the body")
    if !table.isEmpty { table.write(to: &html) }
    if let example = bodyExample(of: route) { writeExample(example, "Example body", &html) }
  }

  /// The answers of an operation that are its own.
  func writeAnswers(of operation: APIDescription.Operation, _ html: inout HTML) {
    html.element("h4", text: "Answers")
    writeTable(of: operation.answers.filter { !isCommon($0) }, caption: "Answers", &html)
    for answer in operation.answers where !answer.isError {
      if let example = example(of: answer) { writeExample(example, "Example of \(answer.status)", &html) }
    }
  }

  /// Answers as a table.
  func writeTable(of answers: [APIDescription.Answer], caption: String, _ html: inout HTML) {
    SchemaTable.table(["Status", "Body", "Meaning"], caption: caption, &html) { html in
      for answer in answers {
        html.element("tr") { html in
          html.element("th", ["scope": "row"]) { $0.element("code", text: answer.status) }
          html.element("td") { writeForms(of: answer, &$0) }
          html.element("td") { html in
            Markdown.writeInline(answer.description, to: &html)
            writeFields(of: answer, &html)
          }
        }
      }
    }
  }

  private func writeForms(of answer: APIDescription.Answer, _ html: inout HTML) {
    if answer.contents.isEmpty { html.text("none") }
    for (index, form) in answer.contents.enumerated() {
      if index > 0 { html.text(" or ") }
      if let schema = form.schema, form.isJSON {
        SchemaPhrase(schema: schema).write(to: &html)
      } else {
        html.element("code", text: form.mediaType)
      }
    }
  }

  private func writeFields(of answer: APIDescription.Answer, _ html: inout HTML) {
    guard !answer.headers.isEmpty else { return }
    html.element("ul", ["class": "fields"]) { html in
      for field in answer.headers {
        html.element("li") { html in
          html.element("code", text: field.name)
          html.text(": ")
          Markdown.writeInline(field.description, to: &html)
        }
      }
    }
  }

  private func writeExample(_ text: String, _ title: String, _ html: inout HTML) {
    html.element("details") { html in
      html.element("summary", text: title)
      html.element("pre", ["tabindex": "0"]) { $0.element("code", text: text) }
    }
    html.line()
  }

  private static func size(_ bytes: Int) -> String {
    bytes >= 1 << 20 && bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : "\(max(1, bytes >> 10)) KiB"
  }
}
