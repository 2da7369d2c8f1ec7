extension DocumentOrder {
  /// Throws what keeps the data from being read as a document of the order's type. It is asked before a job is taken,
  /// so that a client learns at once what a renderer would find.
  func checkContent() throws(DocumentError) {
    // A letter has its date by now; no day needs to be thought up for it.
    _ = try DocumentContent(self, today: "")
  }
}
