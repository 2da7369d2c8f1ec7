import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

/// The service with the renderers it has in operation.
@Suite struct StandardTests {
  private let platform = DocumentsPlatform(standard: StandardRenderer())

  @Test("S1.09: the examples are made with every template, as LaTeX and DOCX", arguments: DocumentType.allCases)
  func examples(type: DocumentType) async throws {
    for template in DocumentTemplate.allCases {
      for format in [DocumentFormat.latex, .docx] {
        let order = RawJSON.object([
          ("document_type", .string(type.rawValue)), ("template", .string(template.rawValue)),
          ("format", .string(format.rawValue)), ("data", Examples.data(type)),
        ])
        let answer = try await platform.callWorked("/generate", order.description)
        #expect(answer.status == 200, "\(answer.text.prefix(500))")
        #expect(answer.contentType == format.contentType)
        let again = try await platform.call("POST", "/generate", order.description)
        #expect(again.headers["X-Cache"] == "HIT")
        #expect(again.bytes == answer.bytes)
      }
    }
  }

  @Test("S1.25: LaTeX holds what was ordered")
  func latex() async throws {
    let id = try await platform.order(order(name: "Zoë Ж", data: #","professionalSummary":"Careful work""#))
    #expect(try await platform.workOne("latex_generation") == .success)
    let text = try await platform.call("GET", "/jobs/\(id)/download").text
    #expect(text.contains("Zoë Ж"))
    #expect(text.contains("Careful work"))
    #expect(text.contains(#"\end{document}"#))
  }

  @Test("3.3: PDF without a typesetter is SYS006 at once, and the other formats work")
  func withoutTypesetter() async throws {
    let answer = try await platform.callWorked("/generate", order("pdf"), queue: "pdf_generation")
    #expect(answer.status == 500)
    #expect(try answer.error("code") == "SYS006")
    let id = try await platform.order(order("pdf"))
    #expect(try await platform.workOne("pdf_generation") == .failure)
    let job = try await platform.job(id)
    #expect(job["error"]?["code"] == .string("SYS006"))
    #expect(job["attempts"] == .integer(1))
    #expect(try await platform.callWorked("/generate", order("docx")).status == 200)
  }

  @Test("S1.27: fifty long experiences are taken and made")
  func long() async throws {
    let item = #"{"title":"Engineer","company":"Example","achievements":["one","two","three","four","five"]}"#
    let items = Array(repeating: item, count: 50).joined(separator: ",")
    let answer = try await platform.callWorked("/generate", order(data: #","experience":[\#(items)]"#))
    #expect(answer.status == 200)
    #expect(answer.text.ranges(of: "Engineer").count >= 50)
  }

  @Test("3.3: what no renderer could read is refused before it is queued")
  func unreadable() async throws {
    let long = String(repeating: "x", count: 500_000)
    let answer = try await platform.call("POST", "/generate/async", order(data: #","summary":"\#(long)""#))
    #expect(answer.status == 400)
    #expect(try answer.error("code") == "VAL007")
    #expect(try await platform.store.count(RecordQuery()).total == 0)
  }
}
