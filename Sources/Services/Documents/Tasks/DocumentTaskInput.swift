import CelerityCore
import CelerityJSON
import CelerityTasks

/// What the tasks that make documents take.
struct DocumentTaskInput: TaskInput {
  var documentType: DocumentType
  var template: DocumentTemplate = .classic
  /// `nil`: what the task makes first of all.
  var format: DocumentFormat?
  var spacingMode: SpacingMode = .compact
  var data: RawJSON
  var usesCache = true
  /// Whether who ordered has asked the cache, so that it counts each order once.
  var isCounted = false

  enum CodingKeys: String, CodingKey {
    case documentType = "document_type"
    case template, format
    case spacingMode = "spacing_mode"
    case data
    case usesCache = "use_cache"
    case isCounted = "counted"
  }

  static let arguments = [
    Argument(CodingKeys.documentType, "`resume` or `cover_letter`."),
    Argument(CodingKeys.template, "How it looks.", default: DocumentTemplate.classic),
    Argument(CodingKeys.format, "What it is made as; `pdf` or `latex`, as the task is named, unless given."),
    Argument(CodingKeys.spacingMode, "How tightly it is set.", default: SpacingMode.compact),
    Argument(CodingKeys.data, "What stands in it.", example: Examples.shortResume),
    Argument(CodingKeys.usesCache, "Whether a document that was made before will do.", default: true),
    Argument(CodingKeys.isCounted, "Whether the order was counted as a hit or a miss before.", default: false),
  ]

  /// The input for an order.
  init(_ order: DocumentOrder, isCounted: Bool) {
    documentType = order.type
    template = order.template
    format = order.format
    spacingMode = order.spacing
    data = order.data
    self.isCounted = isCounted
  }

  /// The order, its data checked again: anybody can submit a task.
  func order(of format: DocumentFormat, today: String) throws(DocumentError) -> DocumentOrder {
    guard data.kind == .object else { throw DocumentError(.wrongType, "data must be an object", field: "data") }
    let report = DocumentValidator.report(on: data, of: documentType, level: .standard, today: today)
    let order = DocumentOrder(
      type: documentType, template: template, format: format, spacing: spacingMode, data: try report.valid())
    try order.checkContent()
    return order
  }
}

/// What a job made: where it is kept follows from the job's id.
struct DocumentTaskOutput: Codable, Sendable, Hashable {
  var filename: String
  var fileSize: Int
  var contentType: String
  /// `nil` where the format has no pages of its own.
  var pages: Int?
  /// RFC 3339.
  var expiresAt: String
  /// Whether it came out of the cache.
  var isCached: Bool

  private enum CodingKeys: String, CodingKey {
    case filename
    case fileSize = "file_size"
    case contentType = "content_type"
    case pages
    case expiresAt = "expires_at"
    case isCached = "cached"
  }
}
