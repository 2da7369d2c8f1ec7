import CelerityJSON
import CelerityTesting
import Foundation
import Testing

@testable import CelerityCore

/// What holds for every filter, on random ones.
@Suite struct TaskFilterPropertyTests {
  private let time = TestTime()

  @Test(.timeLimit(.minutes(2)), arguments: 0..<4)
  func `A filter reads back from its own text, and wants the same tasks as its meaning says`(seed: Int) throws {
    var maker = FilterMaker(random: SeededRandom(seed: UInt64(seed) &+ 0xF117E4), now: time.now)
    for _ in 0..<3000 {
      let wish = maker.wish(depth: 0)
      let filter = try TaskFilter(wish.text, time: time)
      #expect(try TaskFilter(filter.description, time: time) == filter, "\(wish.text)")
      #expect(filter.description.utf8.count <= wish.text.utf8.count, "\(wish.text)")
      for _ in 0..<4 {
        let record = maker.record()
        #expect(filter.matches(record) == wish.holds(for: record), "\(wish.text) on \(record)")
        if filter.matches(record) { try checkBounds(filter, record) }
      }
    }
  }

  /// A query narrowed by its filter still finds what the filter wants.
  private func checkBounds(_ filter: TaskFilter, _ record: TaskRecord) throws {
    let query = try #require(RecordQuery(filter: filter).narrowed, "\(filter)")
    #expect(query.matches(record), "\(filter) on \(record)")
  }

  @Test(.timeLimit(.minutes(2)), arguments: 0..<4)
  func `Any text is read or refused with a place inside of it`(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let pieces = [
      "(", ")", "\"", "\\", "-", "*", ":", " ", "OR", "AND", "NOT", "state:", "failure", "kwargs.", "args.0:", ">", "=",
      "1h",
      "created:", "2026-01-01", "é", "\u{1F600}", "\0", "a", ",", "priority:", "9", "result:", ".", "\t",
    ]
    for _ in 0..<20_000 {
      let text = (0..<random.below(14)).map { _ in random.pick(pieces) ?? "" }.joined()
      do {
        let filter = try TaskFilter(text, time: time)
        #expect(try TaskFilter(filter.description, time: time) == filter, "\(text)")
        #expect(filter.description.utf8.count <= text.utf8.count, "\(text)")
      } catch {
        #expect((0...text.utf8.count).contains(error.offset) && !error.message.isEmpty, "\(text)")
      }
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func `Patterns find what the slowest way finds`() {
    var random = SeededRandom(seed: 17)
    for _ in 0..<20_000 {
      let pattern = String((0...random.below(6)).map { _ in random.pick(Array("ab*")) ?? "a" })
      let text = String((0..<random.below(9)).map { _ in random.pick(Array("aab")) ?? "a" })
      let compiled = FilterPattern(pattern, isQuoted: false, isFolding: false)
      #expect(compiled.matches(text) == Self.glob(Array(pattern)[...], Array(text)[...]), "\(pattern) on \(text)")
      let isFound = Self.glob(Array("*" + pattern + "*")[...], Array(text)[...])
      #expect(compiled.isFound(in: Array(text.utf8)) == isFound, "\(pattern) in \(text)")
    }
  }

  private static func glob(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" {
      return glob(pattern.dropFirst(), text) || (!text.isEmpty && glob(pattern, text.dropFirst()))
    }
    return first == text.first && glob(pattern.dropFirst(), text.dropFirst())
  }

  @Test func `A query is narrowed by what its filter demands, and by nothing that it may not demand`() throws {
    func narrowed(_ text: String, _ query: RecordQuery = RecordQuery()) throws -> RecordQuery? {
      var query = query
      query.filter = try TaskFilter(text)
      return query.narrowed
    }
    let full = try #require(try narrowed("state:failure,retry task:a queue:b id:c priority:>3"))
    #expect((full.states, full.tasks, full.queue) == ([.failure, .retry], ["a"], "b"))
    #expect(full.id == TaskID(stored: "c"))
    #expect(try narrowed("task:a* queue:*b -state:failure (task:x OR task:y)") != nil)
    let open = try #require(try narrowed("task:a* queue:*b -state:failure (task:x OR task:y)"))
    #expect(open.states.isEmpty && open.tasks.isEmpty && open.queue == nil && open.id == nil)
    #expect(try narrowed("state:failure state:success") == nil)
    #expect(try narrowed("state:failure", RecordQuery(states: [.success])) == nil)
    #expect(try narrowed("task:a", RecordQuery(task: "b")) == nil)
    #expect(try narrowed("queue:a", RecordQuery(queue: "b")) == nil)
    #expect(try narrowed("state:failure,success", RecordQuery(states: [.success]))?.states == [.success])
    #expect(RecordQuery(queue: "q").narrowed == RecordQuery(queue: "q"))
  }
}

@Suite("The page about filters")
struct TaskFilterPageTests {
  @Test("names every qualifier, and every example on it is read")
  func table() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../docs/reference/task-query.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    var described: Set<String> = []
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.split(separator: "`") }
      for word in cells[1] where word.hasSuffix(":") && word != ":" {
        described.insert(String(word.dropLast().prefix { $0 != "." }))
      }
      for example in cells.last(where: { !$0.isEmpty }) ?? [] where example.contains(where: { !" ,".contains($0) }) {
        _ = try TaskFilter(String(example))
      }
    }
    #expect(described == Set(FilterTerm.qualifiers))
    for limit in [TaskFilter.longestText, TaskFilter.mostTerms, TaskFilter.deepestNesting] {
      let number = limit > 999 ? "\(limit / 1000),\(String(limit).suffix(3))" : "\(limit)"
      #expect(text.contains(number), "\(limit)")
    }
  }
}
