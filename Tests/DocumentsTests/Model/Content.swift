import CelerityJSON

@testable import Documents

/// What tests read of content.
extension DocumentContent {
  /// The content of data written as JSON.
  static func read(
    _ json: String, _ type: DocumentType = .resume, limits: ContentLimits = ContentLimits()
  ) throws -> DocumentContent {
    let order = DocumentOrder(
      type: type, template: .classic, format: .latex, spacing: .compact, data: try RawJSON(validating: json))
    return try DocumentContent(order, today: "November 27, 2026", limits: limits)
  }

  /// A resume of Jane's with more members in its data.
  static func resume(_ members: String) throws -> [DocumentSection] {
    let content = try read(#"{"personalInfo":{"name":"Jane Doe","email":"jane@example.com"},\#(members)}"#)
    guard case .resume(let sections) = content.body else { return [] }
    return sections
  }

  /// A letter of Jane's with more members in its data.
  static func letter(_ members: String) throws -> CoverLetter? {
    let content = try read(
      #"{"personalInfo":{"name":"Jane Doe","email":"jane@example.com"},\#(members)}"#, .coverLetter)
    return if case .letter(let letter) = content.body { letter } else { nil }
  }
}

extension SectionItem {
  /// All that it shows.
  var texts: [String] {
    switch self {
    case .paragraph(let text), .point(let text), .label(let text): [text]
    case .row(let texts): texts
    case .fact(let fact): [fact.label] + fact.values
    case .entry(let entry):
      [entry.title, entry.dates, entry.organization, entry.place, entry.url].compactMap { $0 } + entry.paragraphs
        + entry.points + entry.facts.flatMap { [$0.label] + $0.values }
    }
  }

  var entry: SectionEntry? { if case .entry(let entry) = self { entry } else { nil } }
}
