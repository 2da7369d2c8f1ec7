import CelerityCore
import CelerityJSON
import CelerityRoutes

extension DocumentsRoutes {
  private static let typeParameter = Route.Parameter(
    "document_type", JSONSchema(.string, values: DocumentType.allCases.map { .string($0.rawValue) }),
    "What kind of document.")
  private static let nameParameter = Route.Parameter(
    "template_name", JSONSchema(.string, values: DocumentTemplate.allCases.map { .string($0.rawValue) }),
    "How it looks.")

  /// `GET /templates`
  var templates: Route {
    route(
      .get, "/templates", "templates", "The templates of each type.",
      responses: [.init(200, "The names.", DocumentsSchemas.object)]
    ) { _ in
      .json(200, .object([("templates", .object(DocumentType.allCases.map { ($0.rawValue, Self.names) }))]))
    }
  }

  /// `GET /templates/{document_type}`
  var templatesOfType: Route {
    route(
      .get, "/templates/{document_type}", "templates_of_type", "The templates of one type.",
      pathParameters: ["document_type": Self.typeParameter],
      responses: [.init(200, "The names.", DocumentsSchemas.object)], errors: DocumentsSchemas.errors([404])
    ) { call in
      _ = try Self.type(call)
      return .json(200, .object([("templates", Self.names)]))
    }
  }

  /// `GET /template-info/{document_type}/{template_name}`
  var templateInfo: Route {
    route(
      .get, "/template-info/{document_type}/{template_name}", "template_info", "What a template is and needs.",
      pathParameters: ["document_type": Self.typeParameter, "template_name": Self.nameParameter],
      responses: [.init(200, "The template.", DocumentsSchemas.object)], errors: DocumentsSchemas.errors([404])
    ) { call in
      let (type, template) = try Self.template(call)
      var writer = JSONWriter(reservingCapacity: 1024)
      writer.beginObject()
      writer.member("name", template.rawValue)
      writer.member("document_type", type.rawValue)
      writer.member("description", TemplateCatalog.description(template, for: type))
      writer.member("required_fields", Self.strings(TemplateCatalog.requiredFields(type)))
      writer.member("optional_fields", Self.strings(DataSchema.sections(type)))
      writer.member("formats", Self.strings(DocumentFormat.allCases.map(\.rawValue)))
      writer.member("spacing_modes", Self.strings(SpacingMode.allCases.map(\.rawValue)))
      writer.member("preview_url", Links(call.request).path(TemplateCatalog.preview(template, for: type)))
      writer.endObject()
      return .json(200, writer.finish())
    }
  }

  /// `GET /templates/{document_type}/{template_name}/preview`
  var preview: Route {
    route(
      .get, "/templates/{document_type}/{template_name}/preview", "preview",
      "A template filled with an example, as PDF.",
      details: "It is made once and then comes from the cache; proxies and browsers may keep it for a day.",
      pathParameters: ["document_type": Self.typeParameter, "template_name": Self.nameParameter],
      responses: [.init(200, "The document.", contentType: DocumentFormat.pdf.contentType)],
      errors: DocumentsSchemas.errors([404, 500, 503, 504])
    ) { call in
      let (type, template) = try Self.template(call)
      let order = DocumentOrder(
        type: type, template: template, format: .pdf, spacing: .compact, data: Examples.data(type))
      let document = try await Self.example(order, call)
      return RouteResponse(
        200, headers: [("Cache-Control", "public, max-age=86400")],
        body: .bytes(document.bytes, contentType: document.contentType))
    }
  }

  private static func example(_ order: DocumentOrder, _ call: Call) async throws -> StoredDocument {
    do {
      return try await DocumentDesk(call).document(DocumentRequest(order, priority: .low)).document
    } catch let error as DocumentError where error.code == .programMissing {
      // Nobody ordered a document: without a typesetter there simply is no preview.
      throw DocumentError(.notFound, "there is no preview: \(error.message)", suggestedFix: error.suggestedFix)
    }
  }

  // MARK: Schemas

  /// `GET /schema/{document_type}`
  var schema: Route {
    route(
      .get, "/schema/{document_type}", "schema", "What the data of a type may be, with an example.",
      details: "The example is complete and can be ordered as it stands.",
      pathParameters: ["document_type": Self.typeParameter],
      responses: [.init(200, "The schema.", DocumentsSchemas.object)], errors: DocumentsSchemas.errors([404])
    ) { call in
      let type = try Self.type(call)
      return .json(200, Self.example(type, schema: DataSchema.schema(type).json))
    }
  }

  /// `GET /schema-yaml/{document_type}`
  var schemaYAML: Route {
    route(
      .get, "/schema-yaml/{document_type}", "schema_yaml", "An example of a type's data in YAML.",
      details: "The example is complete and can be ordered as it stands.",
      pathParameters: ["document_type": Self.typeParameter],
      responses: [.init(200, "The example.", DocumentsSchemas.object)], errors: DocumentsSchemas.errors([404])
    ) { call in
      .json(200, Self.example(try Self.type(call), schema: nil))
    }
  }

  private static func example(_ type: DocumentType, schema: RawJSON?) -> RawJSON {
    let data = Examples.data(type)
    var writer = JSONWriter(reservingCapacity: 16_384)
    writer.beginObject()
    writer.member("document_type", type.rawValue)
    if let schema { writer.member("schema", schema) }
    writer.member("json_example", data)
    writer.member("yaml_example", YAMLText.text(data))
    writer.member("description", "Everything that the data of a \(type.rawValue) may hold.")
    writer.member(
      "usage_notes",
      object: { writer in
        writer.member("required_fields", strings(TemplateCatalog.requiredFields(type)))
        writer.member("optional_sections", strings(DataSchema.sections(type)))
        writer.member("date_format", "YYYY-MM, MM-YYYY, YYYY-MM-DD, MM-DD-YYYY or Present")
        if type == .coverLetter {
          writer.member("body_format", "a text in which an empty line ends a paragraph, or a list of paragraphs")
        }
      })
    writer.endObject()
    return writer.finish()
  }

  // MARK: Parameters

  private static let names = strings(DocumentTemplate.allCases.map(\.rawValue))

  private static func strings(_ texts: [String]) -> RawJSON { .array(texts.map(RawJSON.string)) }

  private static func type(_ call: Call) throws(DocumentError) -> DocumentType {
    let word = call.request.parameters["document_type"] ?? ""
    guard let type = DocumentType(rawValue: word) else {
      let words = DocumentType.allCases.map(\.rawValue).joined(separator: ", ")
      throw DocumentError(
        .notFound, "there is no document type '\(word.shortened)'", field: "document_type",
        suggestedFix: "use one of \(words)")
    }
    return type
  }

  private static func template(_ call: Call) throws(DocumentError) -> (DocumentType, DocumentTemplate) {
    let type = try type(call)
    return (type, try .named(call.request.parameters["template_name"] ?? "", for: type))
  }
}
