import CelerityJSON
import CelerityRoutes

extension DocumentsRoutes {
  /// `POST /validate`
  var validate: Route {
    route(
      .post, "/validate", "validate", "Says whether data are fit for a document, and makes none.",
      details: """
        `standard` looks for what a document can't do without. `ultra`, or one of `strict`, `lenient` (which is `ultra`) and \
        `permissive`, also cleans texts and rewrites addresses, phone numbers and dates; the answer has them in \
        `normalized_data`. Data that are not fit are an answer like any other: 200 with `valid` false.
        """,
      request: DocumentsSchemas.validation, example: Examples.validation,
      responses: [.init(200, "What was found.", DocumentsSchemas.validated)],
      errors: DocumentsSchemas.errors([413, 422])
    ) { call in
      let fields = try RequestFields(try call.body())
      let type = try DocumentRequest.type(fields)
      let word = try fields.text("validation_level") ?? ValidationLevel.standard.rawValue
      guard let level = ValidationLevel(word: word) else {
        throw RequestFields.notAmong("validation_level", word, ValidationLevel.words)
      }
      var report = DocumentValidator.report(on: try fields.object("data"), of: type, level: level, today: call.today)
      if report.isValid {
        let order = DocumentOrder(
          type: type, template: .classic, format: .pdf, spacing: .compact, data: report.data)
        do throws(DocumentError) { try order.checkContent() } catch { report.note(error, isWarning: false) }
      }
      return .json(200, Self.answer(report, type, word, level))
    }
  }

  private static func answer(
    _ report: ValidationReport, _ type: DocumentType, _ word: String, _ level: ValidationLevel
  ) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 512)
    writer.beginObject()
    writer.member("valid", report.isValid)
    writer.member("validation_level", word)
    writer.member("message", report.isValid ? "the data are fit for a document" : "the data are not fit for a document")
    if report.isValid {
      writer.member("data_summary", object: { writeSummary(report.data, type, &$0) })
      if level.normalises { writer.member("normalized_data", report.data) }
    } else {
      writer.member("errors", array: { writer in for error in report.errors { write(error, &writer) } })
      writer.member("suggestions", array: { writer in for fix in suggestions(report) { writer.string(fix) } })
    }
    writer.member("warnings", array: { writer in for warning in report.warnings { write(warning, &writer) } })
    writer.endObject()
    return writer.finish()
  }

  private static func write(_ error: DocumentError, _ writer: inout JSONWriter) {
    writer.beginObject()
    error.writeMembers(to: &writer)
    writer.endObject()
  }

  /// What to do, each thing once.
  private static func suggestions(_ report: ValidationReport) -> [String] {
    var known: Set<String> = []
    let fixes = report.errors.compactMap(\.suggestedFix).filter { known.insert($0).inserted }
    return fixes + (report.isCut ? ["repair these first: there is more"] : [])
  }

  private static func writeSummary(_ data: RawJSON, _ type: DocumentType, _ writer: inout JSONWriter) {
    let info = data["personalInfo"]
    writer.member("document_type", type.rawValue)
    writer.member(
      "sections_found",
      array: { writer in
        for member in data.members() ?? [] where !member.value.isNull { writer.string(member.name) }
      })
    writer.member(
      "personal_info_complete",
      info?["name"]?.stringValue?.isEmpty == false && info?["email"]?.stringValue?.isEmpty == false)
  }
}
