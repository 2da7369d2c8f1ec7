import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Foundation
import Testing

@testable import Documents

/// The real typesetter. What it makes of documents is looked at by Tests/Services/test_documents_output.py; here it is told
/// what escaped text could never tell it.
@Suite(.serialized, .enabled(if: Presence.isInstalled || Presence.isInsisted))
struct XeTeXTests {
  private static let format = TypesetterFormat()

  private func typesetter() -> Typesetter {
    var resources = ServiceResources.none
    resources.programs = ScratchRunner()
    return Typesetter(resources: resources, format: Self.format)
  }

  private func source() throws -> TeXSource {
    let order = DocumentOrder(
      type: .resume, template: .classic, format: .pdf, spacing: .compact,
      data: try RawJSON(validating: #"{"personalInfo":{"name":"Jane"},"summary":"Ж 中"}"#))
    return TeXSource(try DocumentContent(order, today: ""), order)
  }

  @Test("S1.20: a document is set, with its pages counted and equal bytes for equal source")
  func sets() async throws {
    let first = try await typesetter().typeset(try source())
    let second = try await typesetter().typeset(try source())
    #expect(first.pages == 1)
    #expect(first.missing.isEmpty)
    #expect(first.pdf == second.pdf)
  }

  @Test(
    "C1.16: even a command that got through could neither read, write nor start anything outside",
    arguments: [
      #"\input{CANARY}"#, #"\openin5=CANARY \ifeof5 \errmessage{closed}\else\read5 to\x \x\fi"#,
      #"\immediate\openout5=LEAK \immediate\write5{x}\immediate\closeout5"#, #"\immediate\write18{touch LEAK}"#,
      #"\input{|"touch LEAK"}"#, #"\immediate\openout5=../leak.tex"#, #"\input{.hidden}"#,
    ])
  func sandboxed(command: String) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "canary-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let canary = directory.appending(path: "canary.tex").path
    let leak = directory.appending(path: "leak.tex").path
    // Read, this would be a page more.
    try Data("\\newpage SECRET\n".utf8).write(to: URL(filePath: canary))
    var source = try source()
    let end = try #require(source.document.range(of: "\\end{document}"))
    let injected = command.replacing("CANARY", with: canary).replacing("LEAK", with: leak)
    source.document.replaceSubrange(end, with: injected + "\n\\end{document}")
    do {
      let output = try await typesetter().typeset(source)
      #expect(output.pages == 1)
    } catch {
      #expect(error.code == .compileFailed)
      #expect(!error.message.contains("SECRET"))
    }
    #expect(!FileManager.default.fileExists(atPath: leak))
  }
}

private enum Presence {
  static let isInstalled = ScratchRunner().find("xetex") != nil
  /// Where everything must be tested, its absence is an error.
  static let isInsisted = ProcessInfo.processInfo.environment["CI"] == "true"
}
