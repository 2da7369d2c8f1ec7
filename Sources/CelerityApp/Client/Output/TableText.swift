/// Sets a table for a terminal: columns aligned, nothing wider than the terminal.
struct TableText {
  /// The terminal's columns.
  var width: Int
  var colours: Bool

  /// Columns are as wide as their widest cell; this many blanks are between them.
  private static let gap = 2
  /// No elastic column is made narrower than this while optional ones are still there.
  private static let comfortable = 20
  /// No elastic column is made narrower than this while others could be.
  private static let narrowest = 8
  /// An id keeps this much while other columns can give way: thirteen characters, `…`, and the last four.
  private static let shortestID = 18

  /// Where the columns are.
  struct Layout: Sendable, Hashable {
    var shown: [Int]
    var widths: [Int]
  }

  /// The lines of a table, its headings first.
  func lines(_ table: Table) -> [String] { lines(table, layout(table), withHeadings: true) }

  /// The lines of a table whose columns are where another put them.
  func lines(_ table: Table, _ layout: Layout, withHeadings: Bool) -> [String] {
    let headings = table.columns.map { Table.Cell($0.title.uppercased(), tone: .faint) }
    return ((withHeadings ? [headings] : []) + table.rows).map { line($0, layout, table.columns) }
  }

  /// Where a table's columns go.
  func layout(_ table: Table) -> Layout {
    var widths = table.columns.indices.map { index in
      table.rows.reduce(TextWidth.of(table.columns[index].title)) { max($0, TextWidth.of($1[index].shown)) }
    }
    let shown = fit(&widths, table.columns)
    return Layout(shown: shown, widths: widths)
  }

  /// Where columns go whose cells are not known yet.
  func layout(_ columns: [Table.Column], widths: [Int]) -> Layout {
    var widths = widths
    let shown = fit(&widths, columns)
    return Layout(shown: shown, widths: widths)
  }

  /// Makes the columns fit; returns those that are shown.
  private func fit(_ widths: inout [Int], _ columns: [Table.Column]) -> [Int] {
    var shown = Array(columns.indices)
    let wanted = widths
    let elastic = shown.filter { columns[$0].fit == .elastic }
    let ids = shown.filter { columns[$0].fit == .identifier }
    shrink(&widths, ids, shown, to: Self.shortestID)
    shrink(&widths, elastic, shown, to: Self.comfortable)
    while excess(widths, shown) > 0, let last = shown.last(where: { columns[$0].fit == .optional }) {
      shown.removeAll { $0 == last }
    }
    // A column that was left out gives more room than was missing: the others take what they can use of it.
    widths = wanted
    shrink(&widths, ids, shown, to: Self.shortestID)
    shrink(&widths, elastic, shown, to: Self.narrowest)
    shrink(&widths, shown, shown, to: 1)
    return shown
  }

  /// Takes columns of the widest among the candidates until all fit.
  private func shrink(_ widths: inout [Int], _ candidates: [Int], _ shown: [Int], to narrowest: Int) {
    var left = excess(widths, shown)
    while left > 0 {
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }), widths[widest] > narrowest else { return }
      let second = candidates.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
      let step = max(1, min(left, widths[widest] - max(second, narrowest)))
      widths[widest] -= step
      left -= step
    }
  }

  private func excess(_ widths: [Int], _ shown: [Int]) -> Int {
    shown.reduce(0) { $0 + widths[$1] } + Self.gap * max(0, shown.count - 1) - width
  }

  private func line(_ cells: [Table.Cell], _ layout: Layout, _ columns: [Table.Column]) -> String {
    var line = ""
    for (place, index) in layout.shown.enumerated() {
      let column = columns[index]
      let text =
        column.fit == .identifier
        ? TextWidth.fitMiddle(cells[index].shown, columns: layout.widths[index])
        : TextWidth.fit(cells[index].shown, columns: layout.widths[index])
      let padding = String(repeating: " ", count: max(0, layout.widths[index] - TextWidth.of(text)))
      let painted = cells[index].tone.paint(text, colours: colours)
      let isLast = place == layout.shown.count - 1
      line += column.isNumeric ? padding + painted : painted + (isLast ? "" : padding)
      if !isLast { line += String(repeating: " ", count: Self.gap) }
    }
    return line
  }
}

extension Table {
  /// The table as tab-separated values, headings first.
  var tabSeparated: [String] { [tabSeparatedHeading] + tabSeparatedRows }

  /// The headings alone.
  var tabSeparatedHeading: String { columns.map(\.name).joined(separator: "\t") }

  /// The rows alone.
  var tabSeparatedRows: [String] { rows.map { $0.map(\.exact).joined(separator: "\t") } }
}
