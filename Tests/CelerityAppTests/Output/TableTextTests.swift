import CelerityCore
import CelerityJSON
import Testing

@testable import CelerityApp

@Suite("A table on a terminal")
struct TableTextTests {
  static let table = Table(
    [
      Table.Column("id"), Table.Column("task", .elastic), Table.Column("attempts", .optional, numeric: true),
      Table.Column("state"),
    ],
    rows: [
      [
        Table.Cell("a1"), Table.Cell("finance.compound_interest"), Table.Cell(number: 1204),
        Table.Cell(state: "SUCCESS"),
      ],
      [Table.Cell("b2"), Table.Cell("日本語の仕事"), Table.Cell(number: 1), Table.Cell(state: "FAILURE")],
    ])

  @Test("is aligned by columns, numbers to the right, also with wide letters")
  func aligned() {
    let lines = TableText(width: 80, colours: false).lines(Self.table)
    #expect(
      lines == [
        "ID  TASK                       ATTEMPTS  STATE",
        "a1  finance.compound_interest     1,204  SUCCESS",
        "b2  日本語の仕事                      1  FAILURE",
      ])
  }

  @Test("is never wider than the terminal", arguments: 1...60)
  func narrow(width: Int) {
    for line in TableText(width: width, colours: false).lines(Self.table) {
      #expect(TextWidth.of(line) <= max(width, 7), "\(line)")
    }
  }

  @Test("shortens elastic columns first, then leaves out optional ones, and only then shortens further")
  func orderOfGivingWay() {
    func row(_ width: Int) -> String { TableText(width: width, colours: false).lines(Self.table)[1] }
    #expect(row(45) == "a1  finance.compound_inte…     1,204  SUCCESS")
    #expect(row(40) == "a1  finance.compound_interest  SUCCESS")
    #expect(row(37) == "a1  finance.compound_intere…  SUCCESS")
    #expect(row(30) == "a1  finance.compound…  SUCCESS")
    #expect(row(16) == "a1  fina…  SUCC…")
  }

  @Test("shortens ids in their middle before anything else, and not when all fits exactly")
  func identifiers() {
    let id = "019812ab-4c1d-7e61-8f00-6a1f0e2d9c44"
    let table = Table(
      [Table.Column("id", .identifier), Table.Column("task", .elastic), Table.Column("worker", .optional)],
      rows: [[Table.Cell(id), Table.Cell("finance.compound_interest"), Table.Cell("celery@host")]])
    func row(_ width: Int) -> String { TableText(width: width, colours: false).lines(table)[1] }
    let whole = "\(id)  finance.compound_interest  celery@host"
    #expect(row(whole.count) == whole)
    #expect(row(whole.count - 1) == "019812ab-4c1d-7e61-8f00-6a1f0e…9c44  finance.compound_interest  celery@host")
    #expect(row(60) == "019812ab-4c1d-7…9c44  finance.compound_interest  celery@host")
    #expect(row(45) == "019812ab-4c1d…9c44  finance.compound_interest")
  }

  @Test("shows states by colour only where that is wanted")
  func colours() {
    let coloured = TableText(width: 80, colours: true).lines(Self.table)
    #expect(coloured[1].hasSuffix("\u{1B}[32mSUCCESS\u{1B}[0m"))
    #expect(coloured[2].hasSuffix("\u{1B}[31mFAILURE\u{1B}[0m"))
    let plain = TableText(width: 80, colours: false).lines(Self.table).joined()
    #expect(!plain.unicodeScalars.contains("\u{1B}"))
  }

  @Test("keeps the columns of the first page for those that follow")
  func pages() {
    let text = TableText(width: 80, colours: false)
    let layout = text.layout(Self.table)
    var next = Self.table
    next.rows = [[Table.Cell("c"), Table.Cell("x"), .none, Table.Cell(state: "RETRY")]]
    #expect(text.lines(next, layout, withHeadings: false) == ["c   x                                 –  RETRY"])
  }

  @Test("gives exact values in tab-separated form, one record a line whatever is in them")
  func tabSeparated() throws {
    let now = try #require(Timestamp("2026-01-02T00:00:01Z"))
    let table = Table(
      [Table.Column("id"), Table.Column("created_at"), Table.Column("run_seconds"), Table.Column("args")],
      rows: [
        [
          Table.Cell("a\tb\n\u{1B}[2J\\"), Table.Cell(moment: "2026-01-01T00:00:00.000001Z", now: now),
          Table.Cell(duration: .milliseconds(1500)), Table.Cell(json: try RawJSON(validating: "[ \"x\\ny\" , null ]")),
        ],
        [.none, .none, .none, .none],
      ])
    #expect(
      table.tabSeparated == [
        "id\tcreated_at\trun_seconds\targs",
        "a\\tb\\n\\x1b[2J\\\\\t2026-01-01T00:00:00.000001Z\t1.5\t[\"x\\ny\",null]",
        "\t\t\t",
      ])
    #expect(TableText(width: 80, colours: false).lines(table)[1].contains("1 d ago"))
  }
}
