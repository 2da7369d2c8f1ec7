/// The kinds of documents.
enum DocumentType: String, Sendable, Hashable, CaseIterable, Codable {
  case resume
  case coverLetter = "cover_letter"
}

/// How a document looks.
enum DocumentTemplate: String, Sendable, Hashable, CaseIterable, Codable {
  case classic
  case twoColumn = "two_column"
}

/// What a document is delivered as.
enum DocumentFormat: String, Sendable, Hashable, CaseIterable, Codable {
  case pdf
  case latex
  case docx

  /// The media type of its bytes.
  var contentType: String {
    switch self {
    case .pdf: "application/pdf"
    case .latex: "application/x-tex"
    case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    }
  }

  /// How names of its files end, without the dot.
  var fileExtension: String {
    switch self {
    case .pdf: "pdf"
    case .latex: "tex"
    case .docx: "docx"
    }
  }
}

/// How tightly a document is set.
enum SpacingMode: String, Sendable, Hashable, CaseIterable, Codable {
  case normal
  case compact
  case ultraCompact = "ultra-compact"
}
