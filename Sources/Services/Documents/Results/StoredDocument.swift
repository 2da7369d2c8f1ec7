import CelerityCore

/// A document as it is kept in the cache and among the results of jobs.
struct StoredDocument: Sendable, Hashable {
  var contentType: String
  var bytes: [UInt8]
  /// `nil` where the format has no pages of its own.
  var pages: Int?

  /// A document.
  init(contentType: String, bytes: [UInt8], pages: Int?) {
    self.contentType = contentType
    self.bytes = bytes
    self.pages = pages
  }

  /// A document from what is stored of it.
  init(_ blob: Blob) {
    let parts = blob.contentType.split(separator: ";", maxSplits: 1)
    contentType = String(parts.first ?? "")
    bytes = blob.bytes
    pages = parts.count > 1 && parts[1].hasPrefix(Self.pagesMark) ? Int(parts[1].dropFirst(Self.pagesMark.count)) : nil
  }

  /// What is stored. The number of pages is a parameter of the content type: stores keep nothing else beside the bytes, and
  /// to count them again one would have to read the PDF.
  var blob: Blob {
    Blob(contentType: contentType + (pages.map { ";\(Self.pagesMark)\($0)" } ?? ""), bytes: bytes)
  }

  private static let pagesMark = "pages="
}
