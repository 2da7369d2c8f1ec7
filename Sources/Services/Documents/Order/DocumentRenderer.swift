import CelerityTasks

/// Makes documents. The same order gives the same document.
protocol DocumentRenderer: Sendable {
  /// Makes a document. `progress` is told percents that never fall, each with what happens then: 10 generating, 30
  /// compiling, 90 finalising. A cancelled one ends soon, with any error.
  func render(
    _ order: DocumentOrder, resources: ServiceResources, progress: (Int, String) -> Void
  ) async throws(DocumentError) -> RenderedDocument

  /// Makes ready what each PDF needs.
  func warmUp(_ resources: ServiceResources) async
}

extension DocumentRenderer {
  func warmUp(_ resources: ServiceResources) async {}
}
