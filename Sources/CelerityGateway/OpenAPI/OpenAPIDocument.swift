import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// Writes an API's description as an OpenAPI document, version 3.1.
struct OpenAPIDocument {
  let description: APIDescription
  let examples: SchemaExample
  let bodies: SchemaExample

  init(_ description: APIDescription) {
    self.description = description
    let schemas = description.schemas
    examples = SchemaExample(components: schemas)
    bodies = SchemaExample(components: schemas, isShort: true)
  }

  /// The document.
  var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 256 << 10)
    writer.beginObject()
    writer.member("openapi", "3.1.0")
    writer.member("info", object: writeInfo)
    writer.member("servers", array: { writer in writeServer(&writer) })
    // Without keys there is nothing to authenticate with; only this machine is served.
    writer.member("security", array: { _ in })
    writer.member("tags", array: { writer in for chapter in description.chapters { write(chapter, &writer) } })
    writer.member("paths", object: writePaths)
    writer.member("components", object: writeComponents)
    writer.endObject()
    return writer.finish()
  }

  private func writeInfo(_ writer: inout JSONWriter) {
    writer.member("title", "Celerity")
    writer.member("version", description.version)
    writer.member("summary", "A task queue: send work, see what became of it.")
    writer.member("description", Introduction.text)
    writer.member(
      "license",
      object: { writer in
        writer.member("name", "MIT")
        writer.member("identifier", "MIT")
      })
  }

  private func writeServer(_ writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("url", "/")
    writer.member("description", "The gateway that serves this document.")
    writer.endObject()
  }

  private func write(_ chapter: APIDescription.Chapter, _ writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("name", chapter.name)
    if !chapter.about.isEmpty { writer.member("description", chapter.about) }
    writer.endObject()
  }

  private func writePaths(_ writer: inout JSONWriter) {
    var paths: [String] = []
    var byPath: [String: [APIDescription.Operation]] = [:]
    for operation in description.operations {
      let path = operation.route.path.description
      if byPath[path] == nil { paths.append(path) }
      byPath[path, default: []].append(operation)
    }
    for path in paths {
      writer.member(
        path,
        object: { writer in
          for operation in byPath[path] ?? [] {
            writer.member(
              operation.route.method.rawValue.lowercased(), object: { write(operation, &$0) })
          }
        })
    }
  }

  private func writeComponents(_ writer: inout JSONWriter) {
    writer.member(
      "schemas",
      object: { writer in
        for (name, schema) in description.schemas {
          writer.key(name)
          schema.write(to: &writer)
        }
      })
    writer.member("headers", object: { writeHeader(.requestIDOfAnswer, &$0) })
  }
}

extension Route.Parameter {
  /// The field that every answer has.
  static let requestIDOfAnswer = Route.Parameter(
    "X-Request-ID", JSONSchema(.string), "The request's id, sent or made; finds it in logs")
}
