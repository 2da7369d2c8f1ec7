import CelerityJSON

/// Writes a list while its pages come in: nothing is kept, however long it is.
struct ListOutput {
  let output: Output
  /// The member that holds a page's elements.
  let member: String
  /// Makes a table of elements.
  let table: ([RawJSON]) -> Table

  private var count = 0
  private var isOpen = false
  private var hasElements = false
  private var layout: TableText.Layout?

  /// A list that has nothing yet.
  init(_ output: Output, member: String, table: @escaping ([RawJSON]) -> Table) {
    self.output = output
    self.member = member
    self.table = table
  }

  /// Writes a page. One page alone is written as it came; several become one object.
  mutating func write(_ page: Pages.Page, isOnlyOne: Bool) throws(ClientError) {
    count += page.elements.count
    if output.isJSON {
      if isOnlyOne { return try output.json(page.json) }
      return try writeElements(page.elements)
    }
    let rows = table(page.elements)
    guard output.terminal.isOutputTerminal else {
      if !isOpen { try output.line(rows.tabSeparatedHeading) }
      isOpen = true
      return try output.lines(rows.tabSeparatedRows)
    }
    guard !rows.rows.isEmpty else { return }
    let text = TableText(width: output.columns, colours: output.terminal.coloursOutput)
    // The columns stay where the first page put them.
    let layout = layout ?? text.layout(rows)
    try output.lines(text.lines(rows, layout, withHeadings: !isOpen))
    self.layout = layout
    isOpen = true
  }

  private mutating func writeElements(_ elements: [RawJSON]) throws(ClientError) {
    if !isOpen { try output.text("{\(RawJSON.string(member)):[") }
    isOpen = true
    for element in elements {
      let text = JSONText.line(element, escaping: output.terminal.isOutputTerminal)
      try output.text((hasElements ? "," : "") + (output.terminal.isOutputTerminal ? "\n  " : "") + text)
      hasElements = true
    }
  }

  /// Ends the list; says on a terminal when there is nothing, and how to see more.
  func finish(_ last: Pages.Page, isOnlyOne: Bool, empty: String, more: String) throws(ClientError) {
    if output.isJSON {
      guard !isOnlyOne else { return }
      let cursor = last.nextCursor.map { RawJSON.string($0) } ?? .null
      return try output.line("],\"next_cursor\":\(cursor),\"has_more\":\(last.hasMore)}")
    }
    guard output.terminal.isOutputTerminal else { return }
    if count == 0, !last.hasMore { output.note(empty) }
    if last.hasMore { output.note(more) }
  }
}
