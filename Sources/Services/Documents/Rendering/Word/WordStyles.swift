/// The styles of a document, with which everything in it is written: who edits it changes them in one place.
struct WordStyles {
  private let order: DocumentOrder

  init(_ order: DocumentOrder) { self.order = order }

  /// Names of paragraph styles. Those of the dark column have `Side` before their names.
  enum Paragraph: String, CaseIterable {
    case name = "ApplicantName"
    case headline = "Headline"
    case contact = "Contact"
    case heading = "Heading1"
    case label = "Heading2"
    case entry = "EntryTitle"
    case subentry = "EntrySubtitle"
    case text = "DocumentText"
    case quiet = "QuietText"
    case point = "Point"
    case letter = "LetterText"
  }

  private static let accent = "1F4068"
  private static let gray = "545C66"

  /// The part `word/styles.xml`.
  var xml: String {
    WordPackage.declaration + #"<w:styles xmlns:w="\#(WordPackage.wordNamespace)">"# + defaults
      + Paragraph.allCases.map { style($0, isSide: false) + style($0, isSide: true) }.joined()
      + character("Hyperlink", "Hyperlink", color: Self.accent)
      + character("SideHyperlink", "Side Link", color: "FFFFFF")
      + character("Dates", "Dates", color: Self.gray) + character("SideDates", "Side Dates", color: "B4C4D9")
      + table + "</w:styles>"
  }

  private var font: String {
    switch order.template {
    case .classic: "Cambria"
    case .twoColumn: "Calibri"
    }
  }

  private var defaults: String {
    """
    <w:docDefaults><w:rPrDefault><w:rPr>\(fonts(font))<w:sz w:val="20"/><w:szCs w:val="20"/>\
    <w:lang w:val="en-US"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>\
    <w:spacing w:after="0" w:line="\(lineSpacing)" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>\
    <w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>\
    <w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">\
    <w:name w:val="Default Paragraph Font"/></w:style>
    """
  }

  /// In 240ths of a line.
  private var lineSpacing: Int {
    switch order.spacing {
    case .normal: 259
    case .compact: 247
    case .ultraCompact: 240
    }
  }

  private func fonts(_ name: String) -> String {
    #"<w:rFonts w:ascii="\#(name)" w:hAnsi="\#(name)" w:cs="\#(name)"/>"#
  }

  private func style(_ style: Paragraph, isSide: Bool) -> String {
    let id = (isSide ? "Side" : "") + style.rawValue
    let based = isSide ? style.rawValue : "Normal"
    return """
      <w:style w:type="paragraph" w:styleId="\(id)"><w:name w:val="\(name(style, isSide))"/>\
      <w:basedOn w:val="\(based)"/><w:qFormat/>\
      <w:pPr>\(isSide ? sideParagraph(style) : paragraph(style))</w:pPr>\
      <w:rPr>\(isSide ? sideRun(style) : run(style))</w:rPr></w:style>
      """
  }

  private func name(_ style: Paragraph, _ isSide: Bool) -> String {
    let name =
      switch style {
      case .heading: "heading 1"
      case .label: "heading 2"
      default: style.rawValue
      }
    return isSide ? "Side \(name)" : name
  }

  private func paragraph(_ style: Paragraph) -> String {
    let measures = order.spacing.measures
    let keep = "<w:keepNext/><w:keepLines/>"
    let between = WordWriter.twips(measures.betweenItems) + 40
    return switch style {
    case .name: #"<w:keepNext/><w:spacing w:after="20"/><w:jc w:val="center"/>"#
    case .headline: #"<w:keepNext/><w:spacing w:after="40"/><w:jc w:val="center"/>"#
    case .contact: #"<w:spacing w:after="40"/><w:jc w:val="center"/>"#
    case .heading:
      keep + #"<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="\#(Self.accent)"/></w:pBdr>"#
        + #"<w:spacing w:before="\#(WordWriter.twips(measures.beforeSection) + 60)" "#
        + #"w:after="\#(WordWriter.twips(measures.afterSection))"/><w:outlineLvl w:val="0"/>"#
    case .label: keep + #"<w:spacing w:before="\#(between)"/><w:outlineLvl w:val="1"/>"#
    case .entry: keep + rightTab + #"<w:spacing w:before="\#(between)"/>"#
    case .subentry: keep + rightTab
    case .text, .quiet: ""
    case .point:
      #"<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:ind w:left="227" w:hanging="227"/>"#
    case .letter: #"<w:spacing w:after="140"/>"#
    }
  }

  private func sideParagraph(_ style: Paragraph) -> String {
    switch style {
    case .name, .headline, .contact: #"<w:jc w:val="left"/>"#
    case .heading:
      #"<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="B4C4D9"/></w:pBdr>"#
    default: ""
    }
  }

  private var rightTab: String {
    #"<w:tabs><w:tab w:val="right" w:pos="\#(WordLayout(order).mainTextWidth)"/></w:tabs>"#
  }

  private func run(_ style: Paragraph) -> String {
    let accented = #"<w:color w:val="\#(Self.accent)"/>"#
    let heads = fonts("Calibri")
    return switch style {
    case .name: heads + "<w:b/><w:bCs/>" + accented + #"<w:sz w:val="48"/><w:szCs w:val="48"/>"#
    case .headline: heads + #"<w:color w:val="\#(Self.gray)"/><w:sz w:val="24"/><w:szCs w:val="24"/>"#
    case .heading: heads + "<w:b/><w:bCs/>" + accented + #"<w:sz w:val="24"/><w:szCs w:val="24"/>"#
    case .label: heads + "<w:b/><w:bCs/>"
    case .entry: "<w:b/><w:bCs/>"
    case .subentry: "<w:i/><w:iCs/>"
    case .quiet: #"<w:color w:val="\#(Self.gray)"/>"#
    case .contact, .text, .point, .letter: ""
    }
  }

  private func sideRun(_ style: Paragraph) -> String {
    switch style {
    case .name: #"<w:color w:val="FFFFFF"/><w:sz w:val="44"/><w:szCs w:val="44"/>"#
    case .heading: #"<w:color w:val="FFFFFF"/>"#
    case .quiet: #"<w:color w:val="B4C4D9"/>"#
    default: #"<w:color w:val="EDF2F7"/>"#
    }
  }

  private func character(_ id: String, _ name: String, color: String) -> String {
    """
    <w:style w:type="character" w:styleId="\(id)"><w:name w:val="\(name)"/>\
    <w:basedOn w:val="DefaultParagraphFont"/><w:rPr>\(id.hasSuffix("Dates") ? "<w:b w:val=\"0\"/><w:bCs w:val=\"0\"/>" : "")\
    <w:color w:val="\(color)"/></w:rPr></w:style>
    """
  }

  private var table: String {
    """
    <w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>\
    <w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>\
    <w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
    """
  }
}
