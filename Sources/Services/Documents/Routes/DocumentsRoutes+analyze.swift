import CelerityJSON
import CelerityRoutes

extension DocumentsRoutes {
  /// `POST /analyze`
  var analyze: Route {
    route(
      .post, "/analyze", "analyze", "Measures what stands in a document, and makes none.",
      details: """
        Words, characters and lines of each section, by rules of thumb: 75 characters to a line, two lines for a heading, 45, \
        52 or 58 lines to a page by spacing mode. `POST /analyze-pdf` counts the pages of the PDF itself.
        """,
      request: DocumentsSchemas.analysis, example: Examples.request(.resume),
      responses: [.init(200, "The measures.", DocumentsSchemas.object)],
      errors: DocumentsSchemas.errors([400, 404, 413, 422])
    ) { call in
      let order = try DocumentRequest(try call.body(), today: call.today).order
      let analysis = ContentAnalysis(order.data, spacing: order.spacing)
      var writer = Self.opened(order)
      writer.member("analysis", object: { analysis.write(to: &$0) })
      writer.member("tips", array: { writer in for tip in Self.tips { writer.string(tip) } })
      writer.endObject()
      return .json(200, writer.finish())
    }
  }

  /// `POST /analyze-pdf`
  var analyzePDF: Route {
    route(
      .post, "/analyze-pdf", "analyze_pdf", "Makes a document as PDF and measures it.",
      details: """
        `pages` and `file_size_bytes` are the PDF's own, which comes from the cache or is made as `POST /generate` makes it. \
        The share of white space is estimated from the words on a page.
        """,
      request: DocumentsSchemas.analysis, example: Examples.request(.resume),
      responses: [.init(200, "The measures.", DocumentsSchemas.object)],
      errors: DocumentsSchemas.errors([400, 404, 413, 422, 500, 503, 504])
    ) { call in
      var wanted = try DocumentRequest(try call.body(), today: call.today)
      wanted.order.format = .pdf
      let (document, _) = try await DocumentDesk(call).document(wanted)
      return .json(200, Self.answer(wanted.order, document))
    }
  }

  private static func opened(_ order: DocumentOrder) -> JSONWriter {
    var writer = JSONWriter(reservingCapacity: 2048)
    writer.beginObject()
    writer.member("success", true)
    writer.member("document_type", order.type.rawValue)
    writer.member("template", order.template.rawValue)
    writer.member("spacing_mode", order.spacing.rawValue)
    return writer
  }

  private static func answer(_ order: DocumentOrder, _ document: StoredDocument) -> RawJSON {
    let analysis = ContentAnalysis(order.data, spacing: order.spacing)
    let pages = max(1, document.pages ?? analysis.estimatedPages)
    let white = WhiteSpace(wordsPerPage: Double(analysis.words) / Double(pages))
    var writer = opened(order)
    writer.member(
      "pdf_info",
      object: { writer in
        writer.member("file_size_bytes", document.bytes.count)
        writer.member("file_size_kb", (Double(document.bytes.count) / 1024).rounded(to: 2))
        writer.member("pages", pages)
        writer.member("estimated_pages", analysis.estimatedPages)
      })
    writer.member(
      "whitespace_analysis",
      object: { writer in
        writer.member("whitespace_percentage", white.percent.rounded(to: 2))
        writer.member("content_percentage", (100 - white.percent).rounded(to: 2))
        writer.member("layout_quality", white.quality)
        writer.member("words_per_page", white.wordsPerPage.rounded(to: 2))
      })
    writer.member(
      "content_metrics",
      object: { writer in
        analysis.writeTotals(to: &writer)
        writer.member("sections_count", analysis.sections.count)
      })
    writer.member("spacing_configuration", object: { order.spacing.writeMeasures(to: &$0) })
    writer.member("section_analysis", array: { analysis.writeSections(to: &$0) })
    writer.member(
      "recommendations",
      object: { writer in
        writer.member("content", array: { writeTexts(analysis.recommendations(pages: pages), &$0) })
        writer.member("whitespace", array: { writeTexts(white.recommendations, &$0) })
      })
    writer.endObject()
    return writer.finish()
  }

  private static func writeTexts(_ texts: [String], _ writer: inout JSONWriter) {
    for text in texts { writer.string(text) }
  }

  private static let tips = [
    "600 to 700 words fill one page, 1,000 to 1,200 two",
    "begin each achievement with a verb, and give a number where there is one",
    "a tighter spacing mode saves lines without losing words",
  ]
}
