import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

@Suite struct AnalysisTests {
  private func words(_ count: Int) -> String { Array(repeating: "word", count: count).joined(separator: " ") }

  @Test("S1.11: words, characters and lines of each section, and the pages they come to")
  func metrics() throws {
    let data = try RawJSON(
      validating: #"{"a":"\#(words(101))","b":["\#(words(30))",{"c":"\#(words(21))","n":7}],"d":"x","e":"","f":null}"#)
    let analysis = ContentAnalysis(data, spacing: .compact)
    #expect(analysis.sections.map(\.name) == ["a", "b", "d"])
    #expect(analysis.sections.map(\.words) == [101, 52, 1])
    #expect(analysis.sections.map(\.characters) == [504, 149 + 1 + 104 + 2, 1])
    // Lines of 75 characters, and two for the heading.
    #expect(analysis.sections.map(\.lines) == [7 + 2, 4 + 2, 1 + 2])
    #expect(analysis.sections.map(\.density) == ["high", "medium", "low"])
    #expect(analysis.words == 154)
    #expect(analysis.lines == 18)
    #expect(analysis.estimatedPages == 1)
  }

  @Test(
    "S1.11: 45, 52 and 58 lines go on a page by spacing mode",
    arguments: [(SpacingMode.normal, 45), (.compact, 52), (.ultraCompact, 58)])
  func pages(mode: SpacingMode, lines: Int) throws {
    // A section of so many lines is two for the heading and the others for the text.
    func pages(_ lines: Int) throws -> Int {
      let text = String(repeating: "x", count: (lines - 2) * 75)
      return ContentAnalysis(.object([("a", .string(text))]), spacing: mode).estimatedPages
    }
    #expect(try pages(lines) == 1)
    #expect(try pages(lines + 1) == 2)
    #expect(try pages(2 * lines + 1) == 3)
  }

  @Test(
    "S1.11: the share of white space by words on a page",
    arguments: [
      (0.0, 50.0), (200, 50), (300, 45), (399, 40.05), (400, 50), (500, 40), (600, 30), (800, 20), (1000, 10),
      (5000, 10),
    ])
  func white(words: Double, percent: Double) {
    #expect((WhiteSpace(wordsPerPage: words).percent - percent).magnitude < 1e-9)
  }

  @Test("S1.11: advice comes at more than 800 words, 100 lines and 2 pages")
  func advice() {
    func advice(_ words: Int, pages: Int = 1) -> String {
      ContentAnalysis(.object([("body", .string(self.words(words)))]), spacing: .compact)
        .recommendations(pages: pages).joined()
    }
    #expect(!advice(800).contains("words: aim"))
    #expect(advice(801).contains("words: aim"))
    #expect(!advice(1400).contains("lines: shorten"))
    #expect(advice(1500).contains("lines: shorten"))
    #expect(!advice(700, pages: 2).contains("pages are many"))
    #expect(advice(700, pages: 3).contains("pages are many"))
    #expect(advice(700) == "the length is right")
  }

  @Test("S1.11: POST /analyze measures and makes nothing")
  func analyze() async throws {
    let platform = DocumentsPlatform()
    let body = try await platform.call("POST", "/analyze", order(more: #","spacing_mode":"normal""#)).json()
    #expect(body["success"] == .true)
    let analysis = try #require(body["analysis"])
    #expect(analysis["total_metrics"]?["total_words"] == .integer(3))
    #expect(analysis["spacing_config"]?["lines_per_page"] == .integer(45))
    #expect(analysis["spacing_config"]?["margin_top"] == .string("0.8cm"))
    #expect(analysis["section_analysis"]?.elements()?.first?["section_name"] == .string("personalInfo"))
    #expect(analysis["recommendations"]?.elements()?.isEmpty == false)
    #expect(platform.renderer.orders.isEmpty)
    #expect(try await platform.call("POST", "/analyze", order(template: "x")).status == 404)
  }

  @Test("S1.11: POST /analyze-pdf tells the pages and size of the PDF itself, made or from the cache")
  func analyzePDF() async throws {
    let platform = DocumentsPlatform(renderer: ScriptedRenderer(pages: 7))
    let made = try await platform.callWorked("/analyze-pdf", order("docx"), queue: "pdf_generation")
    #expect(made.status == 200, "\(made.text)")
    let cached = try await platform.call("POST", "/analyze-pdf", order())
    #expect(cached.bytes == made.bytes)
    let pdf = try await platform.call("POST", "/generate", order("pdf"))
    #expect(pdf.headers["X-Cache"] == "HIT")
    #expect(pdf.contentType == "application/pdf")
    let body = try made.json()
    #expect(body["pdf_info"]?["pages"] == .integer(7))
    #expect(body["pdf_info"]?["file_size_bytes"] == .integer(Int64(pdf.bytes.count)))
    #expect(body["whitespace_analysis"]?["words_per_page"]?.doubleValue == 0.43)
    #expect(body["whitespace_analysis"]?["whitespace_percentage"]?.doubleValue == 50)
    #expect(body["recommendations"]?["content"]?.elements()?.first?.stringValue?.hasPrefix("7 pages") == true)
  }
}
