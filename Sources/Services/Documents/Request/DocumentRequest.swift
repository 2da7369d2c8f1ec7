import CelerityCore
import CelerityJSON

/// What a client asks to be made, its data checked. Whether they can be read as a document's content is asked when it is to
/// be made (`DocumentDesk.submission`): what had been made before need not be looked through again.
struct DocumentRequest: Sendable {
  var order: DocumentOrder
  var priority: Priority

  /// Most bytes of a body.
  static let longestBody = 10 << 20
  /// What a body may ask of its reader.
  static let limits = JSONLimits(maximumBytes: longestBody, maximumMembers: 50_000)

  /// A request for an order that is known to be right.
  init(_ order: DocumentOrder, priority: Priority) {
    self.order = order
    self.priority = priority
  }

  /// Reads a body with `data`, or `yaml_data` where YAML is read.
  ///
  /// - Parameter today: see `DocumentValidator.report`.
  init(
    _ body: RawJSON, yaml: YAMLSource? = nil, defaultFormat: DocumentFormat = .pdf, today: String
  ) throws(DocumentError) {
    let fields = try RequestFields(body)
    let type = try Self.type(fields)
    let template = try Self.template(fields, type)
    let format = try Self.format(fields) ?? defaultFormat
    let data = if let yaml { try yaml.data(fields) } else { try fields.object("data") }
    let spacing = try fields.choice("spacing_mode", of: SpacingMode.self) ?? .compact
    let level = try Self.level(fields)
    // Documents are made in memory: there is no temporary file that could be kept.
    _ = try fields.flag("clean_up", default: true)
    priority = try Self.priority(fields)
    let report = DocumentValidator.report(on: data, of: type, level: level, today: today)
    order = DocumentOrder(
      type: type, template: template, format: format, spacing: spacing, data: try report.valid())
  }

  /// The document's type, which must be there.
  static func type(_ fields: RequestFields) throws(DocumentError) -> DocumentType {
    _ = try fields.required("document_type")
    guard let type = try fields.choice("document_type", of: DocumentType.self) else {
      throw DocumentError(.missingParameter, "document_type is missing", field: "document_type")
    }
    return type
  }

  private static func template(
    _ fields: RequestFields, _ type: DocumentType
  ) throws(DocumentError) -> DocumentTemplate {
    try .named(fields.requiredText("template"), for: type)
  }

  private static func format(_ fields: RequestFields) throws(DocumentError) -> DocumentFormat? {
    guard let value = fields.value("format") else { return nil }
    if let word = value.stringValue, let format = DocumentFormat(rawValue: word.lowercased()) { return format }
    let words = DocumentFormat.allCases.map(\.rawValue).joined(separator: ", ")
    let asked = value.stringValue.map { "'\($0.shortened)'" } ?? "what is no text"
    throw DocumentError(
      .badParameter, "documents can't be made as \(asked)", field: "format", suggestedFix: "use one of \(words)",
      context: [.init(name: "supported_formats", value: words)])
  }

  private static func level(_ fields: RequestFields) throws(DocumentError) -> ValidationLevel {
    let isUltra = try fields.flag("ultra_validation", default: false)
    guard let word = try fields.text("validation_level") else { return isUltra ? .lenient : .standard }
    guard let level = ValidationLevel(word: word) else {
      throw RequestFields.notAmong("validation_level", word, ValidationLevel.words)
    }
    return isUltra && level == .standard ? .lenient : level
  }

  /// The platform's priorities end at 9; the ten that this API knows counts as nine.
  private static func priority(_ fields: RequestFields) throws(DocumentError) -> Priority {
    Priority(min(9, try fields.integer("priority", 0...10, default: 5))) ?? .normal
  }
}

extension DocumentTemplate {
  /// The template of a name; throws what there is when there is none.
  static func named(_ name: String, for type: DocumentType) throws(DocumentError) -> DocumentTemplate {
    guard let template = DocumentTemplate(rawValue: name) else {
      let names = allCases.map(\.rawValue).joined(separator: ", ")
      throw DocumentError(
        .unknownTemplate, "there is no template '\(name.shortened)' for \(type.rawValue)", field: "template",
        suggestedFix: "use one of \(names)", context: [.init(name: "available_templates", value: names)])
    }
    return template
  }
}
