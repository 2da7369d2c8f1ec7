import CelerityJSON

/// A document that is to be made: what it is, how it looks, and what stands in it.
struct DocumentOrder: Sendable, Hashable {
  var type: DocumentType
  var template: DocumentTemplate
  var format: DocumentFormat
  var spacing: SpacingMode
  /// An object that has been validated and normalised.
  var data: RawJSON
}

/// A document that is made.
struct RenderedDocument: Sendable, Hashable {
  var bytes: [UInt8]
  var contentType: String
  /// Safe in any header and file system: no slashes, quotes or control characters. It may hold letters beyond ASCII.
  var filename: String
  /// `nil` where the format has no pages of its own.
  var pages: Int?
}
