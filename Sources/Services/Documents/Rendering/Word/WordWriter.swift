/// Writes the body of a document in WordprocessingML.
struct WordWriter {
  let order: DocumentOrder
  /// Paragraphs of the column that is being written.
  private(set) var paragraphs = ""
  private var links: [String] = []
  private(set) var isSide = false
  private var body = ""

  init(order: DocumentOrder) { self.order = order }

  /// Twentieths of a point.
  static func twips(_ centimetres: Double) -> Int { Int((centimetres / 2.54 * 1440).rounded()) }

  /// The part `word/document.xml`.
  var document: String {
    WordPackage.declaration + #"<w:document xmlns:w="\#(WordPackage.wordNamespace)" "#
      + #"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>"#
      + body + WordLayout(order).section + "</w:body></w:document>"
  }

  /// The part `word/_rels/document.xml.rels`.
  var relationships: String { WordPackage.documentRelationships(links: links) }

  mutating func write(_ content: DocumentContent) {
    switch (content.body, order.template) {
    case (.resume(let sections), .classic):
      writeCentredHeader(content.person)
      for section in sections { write(section) }
      body = paragraphs
    case (.letter(let letter), .classic):
      writeCentredHeader(content.person)
      paragraph(.text, [])
      write(letter, from: content.person)
      body = paragraphs
    case (.resume(let sections), .twoColumn):
      let side = column(isSide: true) { writer in
        writer.writeSideHeader(content.person)
        for section in sections where section.kind.isInSideColumn { writer.write(section) }
      }
      let main = column(isSide: false) { writer in
        for section in sections where !section.kind.isInSideColumn { writer.write(section) }
      }
      body = WordLayout(order).table(side: side, main: main)
    case (.letter(let letter), .twoColumn):
      let side = column(isSide: true) { $0.writeSideHeader(content.person) }
      let main = column(isSide: false) { $0.write(letter, from: content.person) }
      body = WordLayout(order).table(side: side, main: main)
    }
  }

  private mutating func column(isSide: Bool, _ write: (inout WordWriter) -> Void) -> String {
    self.isSide = isSide
    paragraphs = ""
    write(&self)
    return paragraphs
  }

  // MARK: Parts of paragraphs

  /// A part of a line.
  enum Piece {
    case text(String)
    case bold(String)
    /// Dates and whatever else is less important.
    case quiet(String)
    case link(String, to: String?)
    /// What follows stands at the right.
    case tab
  }

  mutating func paragraph(_ style: WordStyles.Paragraph, _ pieces: [Piece]) {
    paragraphs += #"<w:p><w:pPr><w:pStyle w:val="\#(sided(style.rawValue))"/></w:pPr>"#
    for piece in pieces { paragraphs += run(piece) }
    paragraphs += "</w:p>"
  }

  private func sided(_ style: String) -> String { isSide ? "Side\(style)" : style }

  private mutating func run(_ piece: Piece) -> String {
    switch piece {
    case .text(let text): return Self.run(text, "")
    case .bold(let text): return Self.run(text, "<w:b/><w:bCs/>")
    case .quiet(let text): return Self.run(text, #"<w:rStyle w:val="\#(sided("Dates"))"/>"#)
    case .tab: return "<w:r><w:tab/></w:r>"
    case .link(let text, let target):
      guard let target else { return Self.run(text, "") }
      links.append(target)
      return #"<w:hyperlink r:id="link\#(links.count)" w:history="1">"#
        + Self.run(text, #"<w:rStyle w:val="\#(sided("Hyperlink"))"/>"#) + "</w:hyperlink>"
    }
  }

  private static func run(_ text: String, _ properties: String) -> String {
    let properties = properties.isEmpty ? "" : "<w:rPr>\(properties)</w:rPr>"
    return #"<w:r>\#(properties)<w:t xml:space="preserve">\#(XMLText.escaped(text))</w:t></w:r>"#
  }
}
