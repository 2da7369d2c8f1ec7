import Testing

@testable import CelerityCron

@Suite("Clock changes")
struct DaylightTests {
  private func check(_ row: DaylightRow) throws {
    let zone = try CronZone(row.zone)
    #expect(try slots(row.expression, after: row.after, in: zone, count: row.expected.count) == row.expected)
  }

  @Test("Berlin", arguments: DaylightTable.berlin) func berlin(row: DaylightRow) throws { try check(row) }
  @Test("New York", arguments: DaylightTable.newYork) func newYork(row: DaylightRow) throws { try check(row) }
  @Test("Lord Howe changes by half an hour", arguments: DaylightTable.lordHowe) func lordHowe(row: DaylightRow) throws {
    try check(row)
  }
  @Test("southern zones", arguments: DaylightTable.south) func south(row: DaylightRow) throws { try check(row) }
  @Test("skipped days and doubled midnights", arguments: DaylightTable.oddities) func oddities(row: DaylightRow) throws
  { try check(row) }

  @Test("every-hour entries keep an even rhythm through both changes")
  func rhythm() throws {
    let zone = try CronZone("Europe/Berlin")
    let expression = try CronExpression("*/20 * * * *")
    for start in ["2026-03-28T00:00:00Z", "2026-10-24T00:00:00Z"] {
      var moment = try at(start)
      for _ in 0..<200 {
        let next = try #require(expression.next(after: moment, in: zone))
        #expect(next - moment == 20 * 60)
        moment = next
      }
    }
  }
}
