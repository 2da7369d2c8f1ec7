import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension OpenAPIDocument {
  /// Writes the members of one operation.
  func write(_ operation: APIDescription.Operation, _ writer: inout JSONWriter) {
    let route = operation.route
    writer.member("tags", array: { $0.string(operation.chapter) })
    writer.member("summary", route.summary)
    writer.member("description", ifPresent: operation.text)
    writer.member("operationId", operation.id)
    let names = route.path.parameterNames
    if !(names.isEmpty && route.parameters.isEmpty && route.headers.isEmpty) {
      writer.member(
        "parameters",
        array: { writer in
          for parameter in route.pathParameterList { write(parameter, in: "path", &writer) }
          for parameter in route.parameters { write(parameter, in: "query", &writer) }
          for parameter in route.headers { write(parameter, in: "header", &writer) }
        })
    }
    if route.request != nil { writer.member("requestBody", object: { writeBody(of: operation, &$0) }) }
    writer.member("responses", object: { writer in for answer in operation.answers { write(answer, &writer) } })
  }

  /// Writes a header field of an answer under its name.
  func writeHeader(_ field: Route.Parameter, _ writer: inout JSONWriter) {
    writer.member(
      field.name,
      object: { writer in
        writer.member("description", field.description)
        writer.key("schema")
        field.schema.write(to: &writer)
      })
  }

  private func write(_ parameter: Route.Parameter, in place: String, _ writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("name", parameter.name)
    writer.member("in", place)
    if !parameter.description.isEmpty { writer.member("description", parameter.description) }
    if place == "path" || parameter.isRequired { writer.member("required", true) }
    writer.key("schema")
    parameter.schema.write(to: &writer)
    writer.endObject()
  }

  private func writeBody(of operation: APIDescription.Operation, _ writer: inout JSONWriter) {
    writer.member("required", true)
    writer.member(
      "content",
      object: { writer in
        for mediaType in operation.route.requestMediaTypes {
          writer.member(mediaType, object: { writeBody(of: operation, as: mediaType, &$0) })
        }
      })
  }

  private func writeBody(
    of operation: APIDescription.Operation, as mediaType: String, _ writer: inout JSONWriter
  ) {
    guard let schema = operation.route.request else { return }
    let example = operation.route.requestExample ?? bodies.value(of: schema)
    writer.key("schema")
    guard mediaType.hasSuffix("json"), !mediaType.hasSuffix("ndjson") else {
      JSONSchema(.string, description: "One element of the array a line.").write(to: &writer)
      return writer.member("example", Self.lines(of: example))
    }
    schema.write(to: &writer)
    if operation.submitsAnyKind {
      writer.member("examples", object: { writer in for kind in kinds(of: operation.route) { write(kind, &writer) } })
    } else {
      writer.member("example", example)
    }
  }

  /// All kinds, that of the route's own example first: what is first is what a page begins with.
  private func kinds(of route: Route) -> [TaskKind] {
    let first = route.requestExample?["task"]?.stringValue
    return description.kinds.filter { $0.name == first } + description.kinds.filter { $0.name != first }
  }

  /// A submission of a kind as an example under the kind's name.
  private func write(_ kind: TaskKind, _ writer: inout JSONWriter) {
    writer.member(
      kind.name,
      object: { writer in
        writer.member("summary", kind.summary.isEmpty ? kind.name : kind.summary)
        writer.member("value", description.submission(of: kind))
      })
  }

  private func write(_ answer: APIDescription.Answer, _ writer: inout JSONWriter) {
    writer.member(
      answer.status,
      object: { writer in
        writer.member("description", answer.description)
        writer.member(
          "headers",
          object: { writer in
            writer.member("X-Request-ID", object: { $0.member("$ref", "#/components/headers/X-Request-ID") })
            for field in answer.headers where field.name != "X-Request-ID" { writeHeader(field, &writer) }
          })
        if !answer.contents.isEmpty {
          writer.member("content", object: { writer in for form in answer.contents { write(form, answer, &writer) } })
        }
      })
  }

  private func write(_ form: APIDescription.Content, _ answer: APIDescription.Answer, _ writer: inout JSONWriter) {
    writer.member(
      form.mediaType,
      object: { writer in
        writer.key("schema")
        let schema = form.schema ?? JSONSchema(form.isJSON ? .any : .string)
        schema.write(to: &writer)
        writer.member("example", ifPresent: example(of: form, answer))
      })
  }

  /// The example that was given; else one that is made, but not for errors, whose texts would be nonsense.
  func example(of form: APIDescription.Content, _ answer: APIDescription.Answer) -> RawJSON? {
    if let example = form.example { return example }
    guard form.isJSON, !answer.isError, let schema = form.schema else { return nil }
    return examples.value(of: schema)
  }

  /// The elements of an array, one a line.
  static func lines(of array: RawJSON) -> String {
    (array.elements() ?? [array]).map { $0.description + "\n" }.joined()
  }
}

extension APIDescription.Operation {
  /// Whether its body is a submission of any kind of task, so that each kind is an example of it.
  var submitsAnyKind: Bool { service == nil && id == "submitTask" }

  /// More than the summary says, in Markdown.
  var text: String? {
    let also = alias.map { "It answers at `\($0)` too, as long as no other service takes that path." }
    let parts = [route.details, also].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "\n\n")
  }
}

extension Route {
  /// The parameters of the path in order; one that says nothing of itself is any text.
  var pathParameterList: [Parameter] {
    path.parameterNames.map { name in
      pathParameters[name] ?? Parameter(name, JSONSchema(.string, minimumLength: 1), "")
    }
  }
}
