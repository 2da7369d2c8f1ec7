import CelerityJSON
import Foundation
import Testing

@testable import Documents

#if canImport(FoundationXML)
  import FoundationXML
#endif

struct WordTests {
  private static let kinds = DocumentType.allCases.flatMap { type in DocumentTemplate.allCases.map { (type, $0) } }

  private func package(_ type: DocumentType, _ template: DocumentTemplate) throws -> WordPackage {
    let data = #"""
      {"personalInfo":{"name":"Zoë & <Sons>\u0001","email":"a@example.com","website":"https://example.com/?a=1&b=2"},
      "summary":"A & B < C \"D\" \ufffe","body":"Body","experience":[{"title":"T","company":"C","achievements":["A"]}],
      "skills":["S1","S2"],"education":[{"degree":"MSc","endDate":"2011"}]}
      """#
    let order = DocumentOrder(
      type: type, template: template, format: .docx, spacing: .compact, data: try RawJSON(validating: data))
    return WordPackage(try DocumentContent(order, today: "today"), order)
  }

  @Test("S1.26: every part of the package is well-formed XML", arguments: kinds)
  func wellFormed(type: DocumentType, template: DocumentTemplate) throws {
    for part in try package(type, template).parts {
      #expect(XMLParser(data: Data(part.content.utf8)).parse(), "\(part.name)")
    }
  }

  @Test("S1.26: what the package refers to is there", arguments: kinds)
  func references(type: DocumentType, template: DocumentTemplate) throws {
    let parts = try package(type, template).parts
    let names = Set(parts.map(\.name))
    func content(_ name: String) -> String { parts.first { $0.name == name }?.content ?? "" }
    for match in content("[Content_Types].xml").matches(of: #/PartName="/([^"]+)"/#) {
      #expect(names.contains(String(match.1)))
    }
    let document = content("word/document.xml")
    let relationships = content("word/_rels/document.xml.rels")
    for match in document.matches(of: #/r:id="([^"]+)"/#) { #expect(relationships.contains(#"Id="\#(match.1)""#)) }
    let styles = content("word/styles.xml")
    for match in document.matches(of: #/w:(?:pStyle|rStyle) w:val="([^"]+)"/#) {
      #expect(styles.contains(#"w:styleId="\#(match.1)""#))
    }
    #expect(relationships.contains(#"Target="https://example.com/?a=1&amp;b=2" TargetMode="External""#))
  }

  @Test("S1.23, S1.26: the author is the applicant, control characters are left out")
  func author() throws {
    let core = try package(.resume, .classic).parts.first { $0.name == "docProps/core.xml" }?.content ?? ""
    #expect(core.contains("<dc:creator>Zoë &amp; &lt;Sons&gt;</dc:creator>"))
  }

  @Test("S1.26: sections stand in the same order as in the PDF")
  func order() throws {
    let document = try package(.resume, .classic).parts.first { $0.name == "word/document.xml" }?.content ?? ""
    let headings = document.matches(of: #/"Heading1"\/><\/w:pPr><w:r><w:t xml:space="preserve">([^<]+)</#).map { $0.1 }
    #expect(headings == ["Professional Summary", "Experience", "Education", "Technologies &amp; Skills", "Body"])
  }

  @Test("Checksums are those of the standard's check value")
  func checksum() {
    #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.checksum([]) == 0)
  }

  @Test("The archive holds its entries, the same bytes every time")
  func archive() throws {
    var archive = ZIPArchive()
    archive.add("a.txt", Array("hello".utf8))
    archive.add("é/b.txt", [])
    let bytes = archive.finish()
    #expect(Array(bytes[0..<4]) == [0x50, 0x4B, 3, 4])
    // Header of 30 bytes, the name, then the content as it is.
    #expect(Array(bytes[35..<40]) == Array("hello".utf8))
    let end = bytes.count - 22
    #expect(Array(bytes[end..<(end + 4)]) == [0x50, 0x4B, 5, 6])
    #expect(bytes[end + 10] == 2)
    #expect(try package(.resume, .twoColumn).bytes == package(.resume, .twoColumn).bytes)
  }
}
