import CelerityCore
import Foundation
import Testing

@Suite("The page about states")
struct LifecyclePageTests {
  @Test("says of every state what may follow it, as the code has it")
  func table() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/concepts/lifecycle.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    var described: [String: Set<String>] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { cell in
        Set(cell.split(separator: "`").map(String.init).filter { TaskState(rawValue: $0) != nil })
      }
      for state in cells[0] { described[state] = cells[1] }
    }
    for state in TaskState.allCases {
      #expect(described[state.rawValue] == Set(state.successors.map(\.rawValue)), "\(state.rawValue)")
    }
  }
}
