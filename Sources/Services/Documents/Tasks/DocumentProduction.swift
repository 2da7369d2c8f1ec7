import CelerityCore
import CelerityTasks

/// One run of a task that makes a document.
struct DocumentProduction {
  let renderer: any DocumentRenderer
  let context: TaskContext

  /// Makes the document, or takes it from the cache, and lays it where it can be fetched. Running twice replaces it.
  func run(_ input: DocumentTaskInput, _ format: DocumentFormat) async throws -> DocumentTaskOutput {
    context.progress(10, of: 100, "generating")
    let resources = context.resources
    let order = try input.order(of: format, today: LetterDate.text(resources.time.now))
    let cache = DocumentCache(resources: resources)
    // Asked also where who ordered has done so: an equal order may have been done since.
    let cached = input.usesCache ? await cache.document(order, counting: !input.isCounted) : nil
    let document: StoredDocument
    if let cached {
      document = cached
    } else {
      document = try await render(order)
      await cache.keep(document, for: order)
    }
    let expiry = resources.time.now + resources.settings[DocumentsSettings.resultLifetime]
    try await ResultShelf(resources: resources).put(
      document, for: TaskKey(context.id, tenant: context.tenant), until: expiry)
    return DocumentTaskOutput(
      filename: order.filename, fileSize: document.bytes.count, contentType: document.contentType,
      pages: document.pages, expiresAt: expiry.rfc3339, isCached: cached != nil)
  }

  private func render(_ order: DocumentOrder) async throws -> StoredDocument {
    var shown = 10
    let rendered: RenderedDocument
    do {
      rendered = try await renderer.render(order, resources: context.resources) { percent, message in
        // Within one attempt nothing goes back, whatever a renderer says.
        shown = min(max(shown, percent), 99)
        context.progress(shown, of: 100, message)
      }
    } catch {
      // A renderer that was stopped fails with whatever it was doing.
      try context.checkStop()
      throw error
    }
    if shown < 90 { context.progress(90, of: 100, "finalising") }
    return StoredDocument(contentType: rendered.contentType, bytes: rendered.bytes, pages: rendered.pages)
  }
}
