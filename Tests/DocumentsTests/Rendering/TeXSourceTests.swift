import CelerityJSON
import Testing

@testable import Documents

struct TeXSourceTests {
  private static let data = #"""
    {"personalInfo":{"name":"Zoë {{x}} \\input","email":"a_b@example.com","website":"https://example.com/~x?a=1&b=%20#c}{\\"},
    "summary":"100% {{summary}} \\write18{x}","body":"Body {{x}} }{","experience":[{"title":"T}{","company":"C","startDate":"2020",
    "achievements":["A }"],"url":"https://example.com"}],"skills":{"a {":["b }"]},"recipient":{"name":"}"}}
    """#

  private static let kinds = DocumentType.allCases.flatMap { type in
    DocumentTemplate.allCases.flatMap { template in SpacingMode.allCases.map { (type, template, $0) } }
  }

  private func source(_ type: DocumentType, _ template: DocumentTemplate, _ spacing: SpacingMode) throws -> TeXSource {
    let order = DocumentOrder(
      type: type, template: template, format: .latex, spacing: spacing, data: try RawJSON(validating: Self.data))
    return TeXSource(try DocumentContent(order, today: "today"), order)
  }

  @Test("S1.25: the source is complete, its braces balance, no placeholder is left", arguments: kinds)
  func complete(type: DocumentType, template: DocumentTemplate, spacing: SpacingMode) throws {
    let text = try source(type, template, spacing).text
    #expect(!text.contains("{{"))
    #expect(text.contains(#"\documentclass[10pt,letterpaper]{article}"#))
    #expect(text.hasSuffix("\\end{document}\n"))
    #expect(text.filter { $0 == "{" }.count == text.filter { $0 == "}" }.count)
    for environment in ["document", "sidecolumn", "maincolumn"] {
      #expect(
        text.ranges(of: "\n\\begin{\(environment)}").count == text.ranges(of: "\n\\end{\(environment)}").count)
    }
  }

  @Test("S1: a spacing mode's distances are in the source", arguments: SpacingMode.allCases)
  func spacing(mode: SpacingMode) throws {
    let classic = try source(.resume, .classic, mode).document
    let measures = mode.measures
    #expect(
      classic.contains(
        "\\geometry{top=\(measures.topMargin)cm,bottom=\(measures.bottomMargin)cm,left=\(measures.leftMargin)cm,"
          + "right=\(measures.rightMargin)cm}"))
    #expect(
      classic.contains("\\sectionbefore=\(measures.beforeSection)cm \\sectionafter=\(measures.afterSection)cm"))
    #expect(classic.contains("\\itemgap=\(measures.betweenItems)cm"))
    // C1.25: the margin that is printed is the one that is analysed.
    if mode == .normal { #expect(classic.contains("bottom=0.8cm")) }
  }

  @Test("S1.22: links lead only where they were meant to")
  func links() throws {
    let text = try source(.resume, .twoColumn, .compact).document
    #expect(text.contains(#"\link{mailto:a\_b@example.com}{a\_b@example.com}"#))
    #expect(text.contains(##"\link{https://example.com/\~x?a=1\&b=\%20\#c\%7D\%7B\%5C}{"##))
    #expect(text.contains(#"\link{https://example.com}{T\textbraceright{}\textbraceleft{}}"#))
  }

  @Test("S1.24: contact, skills, education and certifications stand in the dark column, the rest beside it")
  func columns() throws {
    let keys = SectionPlan.all.filter { $0.kind != .technicalSkills }.map { #""\#($0.keys[0])":["x"]"# }
    let json = #"{"personalInfo":{"name":"Jane","email":"j@example.com"},\#(keys.joined(separator: ","))}"#
    let order = DocumentOrder(
      type: .resume, template: .twoColumn, format: .latex, spacing: .compact, data: try RawJSON(validating: json))
    let lines = TeXSource(try DocumentContent(order, today: ""), order).document.split(separator: "\n")
    let side = lines.drop { $0 != "\\begin{sidecolumn}" }.prefix { $0 != "\\end{sidecolumn}" }
    let main = lines.drop { $0 != "\\begin{maincolumn}" }.prefix { $0 != "\\end{maincolumn}" }
    func headings(_ lines: some Sequence<Substring>) -> [String] {
      lines.filter { $0.hasPrefix("\\heading{") }.map { String($0.dropFirst(9).dropLast()) }
    }
    #expect(
      headings(side) == [
        "Contact", "Core Competencies", "Education", "Relevant Coursework", "Skills Matrix", #"Technologies \& Skills"#,
        "Certifications", "Languages", "Interests",
      ])
    #expect(headings(main).prefix(3) == ["Professional Summary", "Leadership Experience", "Experience"])
    #expect(headings(main).count + headings(side).count == SectionPlan.all.count)
  }

  @Test("The same order gives the same source")
  func equal() throws {
    #expect(try source(.resume, .classic, .compact) == source(.resume, .classic, .compact))
  }
}
