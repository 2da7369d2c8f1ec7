/// What a verb's declaration says beyond its summary: examples and paragraphs. Both stand in its `discussion`; a line
/// that is a command is an example, two blanks and more part it from what it shows:
/// ```
/// celerity queue pause default
/// celerity queue pause default --json   # for programs
///
/// A paused queue takes tasks, but starts none.
/// ```
struct VerbNotes {
  struct Example: Hashable {
    var command: String
    var note: String?
  }

  var examples: [Example] = []
  var paragraphs: [String] = []

  init(of verb: Verb) { self.init(verb.discussion) }

  init(_ discussion: String) {
    var paragraph: [Substring] = []
    for line in discussion.split(separator: "\n", omittingEmptySubsequences: false) {
      if Self.isCommand(line) {
        examples.append(Self.example(line))
      } else if line.isEmpty {
        close(&paragraph)
      } else {
        paragraph.append(line)
      }
    }
    close(&paragraph)
  }

  private mutating func close(_ paragraph: inout [Substring]) {
    if !paragraph.isEmpty { paragraphs.append(paragraph.joined(separator: " ")) }
    paragraph = []
  }

  private static func isCommand(_ line: Substring) -> Bool {
    line.hasPrefix("celerity ") || line == "celerity" || line.contains("| celerity ")
      || line.contains("<(celerity ")
  }

  private static func example(_ line: Substring) -> Example {
    var quote: Character?
    var blanks = 0
    var index = line.startIndex
    while index < line.endIndex {
      let character = line[index]
      blanks = character == " " && quote == nil ? blanks + 1 : 0
      if blanks == 2 {
        let note = line[index...].drop { $0 == " " || $0 == "#" }
        let command = line[..<index].dropLast()
        return Example(command: String(command), note: note.isEmpty ? nil : String(note))
      }
      if quote == character {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
      }
      index = line.index(after: index)
    }
    return Example(command: String(line), note: nil)
  }
}
