extension TeXWriter {
  /// Fonts and distances of the template and the spacing mode, up to the beginning of the document.
  mutating func writeSettings(person: DocumentPerson) {
    line("\\documentfonts{body}" + bodyFonts)
    line("\\documentfonts{heads}" + headFonts)
    line("\\newcommand{\\headsfamily}{\\fontfamily{heads}}")
    line("\\newcommand{\\headingfont}{\\headsfamily\\bfseries\\fontsize{12}{13.5}\\selectfont}")
    line("\\renewcommand{\\encodingdefault}{TU}\\renewcommand{\\familydefault}{body}")
    writePage()
    let measures = order.spacing.measures
    line("\\sectionbefore=\(measures.beforeSection)cm \\sectionafter=\(measures.afterSection)cm")
    line("\\itemgap=\(measures.betweenItems)cm")
    line("\\TeXXeTstate=1 \\nofiles")
    line("\\begin{document}")
    line("\\fontsize{10}{\(lineHeight)}\\selectfont")
    command(
      "documentinformation", TeXText.hexadecimal(Self.title(of: person, order.type)), TeXText.hexadecimal(person.name))
  }

  /// Between lines of 10 points.
  private var lineHeight: Double {
    switch order.spacing {
    case .normal: 12.8
    case .compact: 12.2
    case .ultraCompact: 11.6
    }
  }

  private mutating func writePage() {
    let measures = order.spacing.measures
    switch order.template {
    case .classic:
      // A letter's lines would be too long to read at the width of a resume.
      let inset = order.type == .coverLetter ? 1.5 : 0
      line(
        "\\geometry{top=\(measures.topMargin + inset)cm,bottom=\(measures.bottomMargin)cm,"
          + "left=\(measures.leftMargin + inset)cm,right=\(measures.rightMargin + inset)cm}")
    case .twoColumn:
      line("\\geometry{margin=0pt}")
      line("\\mainpadding=\(order.type == .coverLetter ? 1.4 : measures.rightMargin + 0.1)cm")
      line("\\sidewidth=0.355\\paperwidth \\pagepadding=\(measures.leftMargin)cm \\pagetop=\(measures.topMargin)cm")
      line("\\columnheight=\\dimexpr\\paperheight-\(measures.topMargin)cm-\(measures.bottomMargin)cm\\relax")
    }
  }

  private var bodyFonts: String {
    switch order.template {
    case .classic: Self.fonts("LinLibertine", "Linux Libertine O", regular: "R", bold: "RB", italic: "RI", "otf")
    case .twoColumn: Self.carlito
    }
  }

  private var headFonts: String {
    switch order.template {
    case .classic: Self.fonts("LinBiolinum", "Linux Biolinum O", regular: "R", bold: "RB", italic: "RI", "otf")
    case .twoColumn: Self.carlito
    }
  }

  private static let carlito = fonts(
    "Carlito", "Carlito", separator: "-", regular: "Regular", bold: "Bold", italic: "Italic", "ttf")

  /// Three arguments: the regular, bold and italic face, by the file's name and by the font's.
  private static func fonts(
    _ file: String, _ name: String, separator: String = "_", regular: String, bold: String, italic: String,
    _ ending: String
  ) -> String {
    [(regular, ""), (bold, " Bold"), (italic, " Italic")].map { face, style in
      "{[\(file)\(separator)\(face).\(ending)],\(name)\(style)}"
    }.joined()
  }
}
