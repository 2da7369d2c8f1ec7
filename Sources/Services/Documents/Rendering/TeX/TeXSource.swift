/// A document as source for XeLaTeX.
struct TeXSource: Sendable, Hashable {
  /// What follows the preamble that all documents share.
  var document: String

  /// The whole source, which needs nothing of ours.
  var text: String { TeXPreamble.source + document }

  /// The source of a document.
  init(_ content: DocumentContent, _ order: DocumentOrder) {
    var writer = TeXWriter(order: order)
    writer.writeSettings(person: content.person)
    switch (content.body, order.template) {
    case (.resume(let sections), .classic): writer.writeClassicResume(content.person, sections)
    case (.resume(let sections), .twoColumn): writer.writeColumnResume(content.person, sections)
    case (.letter(let letter), .classic): writer.writeClassicLetter(content.person, letter)
    case (.letter(let letter), .twoColumn): writer.writeColumnLetter(content.person, letter)
    }
    writer.line("\\end{document}")
    document = writer.source
  }
}

/// Writes the source line by line.
struct TeXWriter {
  let order: DocumentOrder
  private(set) var source = ""
  /// Whether what is written stands in the narrow column.
  var isNarrow = false

  init(order: DocumentOrder) { self.order = order }

  mutating func line(_ text: String) { source += text + "\n" }

  /// `\name{argument}{argument}`
  mutating func command(_ name: String, _ arguments: String...) {
    line("\\" + name + arguments.map { "{" + $0 + "}" }.joined())
  }

  /// The title that viewers show; also the title of other formats.
  static func title(of person: DocumentPerson, _ type: DocumentType) -> String {
    switch type {
    case .resume: "\(person.name) – Resume"
    case .coverLetter: "\(person.name) – Cover Letter"
    }
  }

  /// A text, as a link if it leads anywhere.
  static func linked(_ text: String, _ target: String?) -> String {
    let source = TeXText.escaped(text)
    // A link of many lines could be cut by the end of a page.
    guard let target, text.unicodeScalars.count <= 300 else { return source }
    return "\\link{\(TeXText.address(target))}{\(source)}"
  }
}
