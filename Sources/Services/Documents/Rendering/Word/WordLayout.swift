/// Places on a page of US Letter, in twips: twentieths of a point.
struct WordLayout {
  static let pageWidth = 12_240
  static let pageHeight = 15_840

  let top: Int
  let bottom: Int
  let left: Int
  let right: Int
  /// What is left and right of a text inside of its column.
  let padding: Int
  let sideWidth: Int
  private let template: DocumentTemplate

  init(_ order: DocumentOrder) {
    let measures = order.spacing.measures
    template = order.template
    // As in the PDF, a letter's lines are shorter than a resume's.
    let inset = order.type == .coverLetter && order.template == .classic ? 1.5 : 0
    top = WordWriter.twips(measures.topMargin + inset)
    bottom = WordWriter.twips(measures.bottomMargin)
    left = order.template == .classic ? WordWriter.twips(measures.leftMargin + inset) : 0
    right = order.template == .classic ? WordWriter.twips(measures.rightMargin + inset) : 0
    padding = WordWriter.twips(measures.leftMargin)
    sideWidth = Self.pageWidth * 355 / 1000
  }

  var mainWidth: Int { Self.pageWidth - sideWidth }

  /// How wide the lines are that hold dates at their right.
  var mainTextWidth: Int {
    switch template {
    case .classic: Self.pageWidth - left - right
    case .twoColumn: mainWidth - 2 * padding
    }
  }

  /// The page as the last element of the body.
  var section: String {
    """
    <w:sectPr><w:pgSz w:w="\(Self.pageWidth)" w:h="\(Self.pageHeight)"/>\
    <w:pgMar w:top="\(top)" w:right="\(right)" w:bottom="\(bottom)" w:left="\(left)" w:header="0" w:footer="0" \
    w:gutter="0"/></w:sectPr>
    """
  }

  /// A table of one row around two cells. After it Word wants a paragraph, for which a little is left of the page.
  func table(side: String, main: String) -> String {
    let height = Self.pageHeight - top - bottom - 60
    return """
      <w:tbl><w:tblPr><w:tblW w:w="\(Self.pageWidth)" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>\
      <w:tblGrid><w:gridCol w:w="\(sideWidth)"/><w:gridCol w:w="\(mainWidth)"/></w:tblGrid>\
      <w:tr><w:trPr><w:trHeight w:val="\(height)" w:hRule="atLeast"/></w:trPr>\
      \(cell(sideWidth, #"<w:shd w:val="clear" w:color="auto" w:fill="213045"/>"#, side))\
      \(cell(mainWidth, "", main))</w:tr></w:tbl>\
      <w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>\
      <w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>
      """
  }

  private func cell(_ width: Int, _ shade: String, _ content: String) -> String {
    """
    <w:tc><w:tcPr><w:tcW w:w="\(width)" w:type="dxa"/>\(shade)<w:tcMar><w:top w:w="120" w:type="dxa"/>\
    <w:left w:w="\(padding)" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>\
    <w:right w:w="\(padding)" w:type="dxa"/></w:tcMar></w:tcPr>\
    \(content.isEmpty ? "<w:p/>" : content)</w:tc>
    """
  }
}
