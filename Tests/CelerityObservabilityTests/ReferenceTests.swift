import CelerityObservability
import Foundation
import Testing

@Suite struct ReferenceTests {
  @Test("The reference page is what the table says; CELERITY_TEST_WRITE=1 writes it anew")
  func page() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = root.appending(path: "docs/reference/metrics.md")
    if ProcessInfo.processInfo.environment["CELERITY_TEST_WRITE"] == "1" {
      try Data((MetricsReference.markdown + "\n").utf8).write(to: page)
    }
    #expect(try String(contentsOf: page, encoding: .utf8) == MetricsReference.markdown + "\n")
  }
}
