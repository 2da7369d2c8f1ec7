/// Renders the part of Markdown (CommonMark 0.31) that descriptions of routes are written in: paragraphs, lists with `-`,
/// code in backticks, bold, links. Everything else is shown as it stands.
enum Markdown {
  /// Blocks.
  static func write(_ source: String, to html: inout HTML) {
    for block in blocks(source) {
      if block.allSatisfy({ $0.hasPrefix("- ") }) {
        html.element("ul") { html in
          for item in block { html.element("li") { inline(item.dropFirst(2), &$0) } }
        }
      } else {
        html.element("p") { inline(block.joined(separator: " ")[...], &$0) }
      }
      html.line()
    }
  }

  /// One paragraph without its element, for cells of tables.
  static func writeInline(_ source: String, to html: inout HTML) { inline(source[...], &html) }

  /// Lines of each block; a list's line that is only continued belongs to its item.
  private static func blocks(_ source: String) -> [[String]] {
    var blocks: [[String]] = []
    var isOpen = false
    for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
      let text = String(line.drop { $0 == " " })
      guard !text.isEmpty else {
        isOpen = false
        continue
      }
      let isItem = text.hasPrefix("- ")
      if isOpen, let last = blocks.last?.last, !isItem, last.hasPrefix("- ") {
        blocks[blocks.count - 1][blocks[blocks.count - 1].count - 1] += " " + text
      } else if isOpen, isItem == (blocks.last?.last?.hasPrefix("- ") ?? false) {
        blocks[blocks.count - 1].append(text)
      } else {
        blocks.append([text])
      }
      isOpen = true
    }
    return blocks
  }

  private static func inline(_ source: Substring, _ html: inout HTML) {
    var rest = source
    while let start = rest.firstIndex(where: { "`*[".contains($0) }) {
      html.text(String(rest[..<start]))
      rest = rest[start...]
      if let (inside, after) = span(rest, "`", "`") {
        html.element("code", text: String(inside))
        rest = after
      } else if let (inside, after) = span(rest, "**", "**") {
        html.element("strong") { inline(inside, &$0) }
        rest = after
      } else if let (inside, after) = span(rest, "[", "]("), let end = after.firstIndex(of: ")"),
        isSafe(after[..<end])
      {
        html.element("a", ["href": String(after[..<end])]) { inline(inside, &$0) }
        rest = after[after.index(after: end)...]
      } else {
        html.text(String(rest.removeFirst()))
      }
    }
    html.text(String(rest))
  }

  /// What is between two marks at the beginning of a text, and what comes after them.
  private static func span(_ text: Substring, _ open: String, _ close: String) -> (Substring, Substring)? {
    guard text.hasPrefix(open) else { return nil }
    let begin = text.index(text.startIndex, offsetBy: open.count)
    var end = begin
    while end < text.endIndex {
      if text[end...].hasPrefix(close) {
        return end == begin ? nil : (text[begin..<end], text[text.index(end, offsetBy: close.count)...])
      }
      end = text.index(after: end)
    }
    return nil
  }

  /// Links lead to other pages here or to the web, never to a script.
  private static func isSafe(_ target: Substring) -> Bool {
    target.hasPrefix("https://") || !target.contains(":")
  }
}
