import CelerityCore
import CelerityTasks

/// Makes all documents: LaTeX source, PDF with XeTeX, and DOCX by itself.
struct StandardRenderer: DocumentRenderer {
  /// Shared by all renderers of a process.
  private static let format = TypesetterFormat()

  func render(
    _ order: DocumentOrder, resources: ServiceResources, progress: (Int, String) -> Void
  ) async throws(DocumentError) -> RenderedDocument {
    progress(10, "generating")
    let content = try DocumentContent(order, today: LetterDate.text(resources.time.now))
    switch order.format {
    case .latex:
      return document(order, Array(TeXSource(content, order).text.utf8))
    case .docx:
      return document(order, WordPackage(content, order).bytes)
    case .pdf:
      let typesetter = Typesetter(resources: resources, format: Self.format)
      progress(30, "compiling")
      let output = try await typesetter.typeset(TeXSource(content, order))
      progress(90, Self.finalising(output))
      return document(order, output.pdf, pages: output.pages)
    }
  }

  func warmUp(_ resources: ServiceResources) async {
    // A document that is asked for says what is wrong with the typesetter.
    await Self.format.prepare(Typesetter(resources: resources, format: Self.format))
  }

  private func document(_ order: DocumentOrder, _ bytes: [UInt8], pages: Int? = nil) -> RenderedDocument {
    RenderedDocument(
      bytes: bytes, contentType: order.format.contentType, filename: order.filename, pages: pages)
  }

  private static func finalising(_ output: Typesetter.Output) -> String {
    if output.missing.isEmpty { return "finalising" }
    let some = output.missing.prefix(5).joined(separator: ", ")
    return "finalising; no font has \(some)" + (output.missing.count > 5 ? " and others" : "")
  }
}
