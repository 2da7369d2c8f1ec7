import Testing

@testable import CelerityCron

@Suite("Next and previous in UTC")
struct NextTests {
  @Test(
    "known answers",
    arguments: [
      ("* * * * *", "2026-08-01T12:00:00Z", "2026-08-01T12:01:00Z"),
      ("* * * * *", "2026-08-01T12:00:59Z", "2026-08-01T12:01:00Z"),
      ("0 4 * * 1", "2026-08-01T12:00:00Z", "2026-08-03T04:00:00Z"),
      ("59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31T23:59:00Z"),
      ("0 0 31 * *", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z"),
      ("0 0 30,31 * *", "2026-01-31T00:00:00Z", "2026-03-30T00:00:00Z"),
      ("0 0 29 2 *", "2024-02-29T00:00:00Z", "2028-02-29T00:00:00Z"),
      ("0 0 29 2 *", "2096-02-29T00:00:00Z", "2104-02-29T00:00:00Z"),
      ("0 0 29 2 *", "1999-12-31T23:59:59Z", "2000-02-29T00:00:00Z"),
      ("0 0 29 2 mon", "2088-03-01T00:00:00Z", "2112-02-29T00:00:00Z"),
      ("0 0 13 * fri", "2026-01-01T00:00:00Z", "2026-02-13T00:00:00Z"),
      ("30 22-2 * * *", "2026-08-01T02:30:00Z", "2026-08-01T22:30:00Z"),
      ("@yearly", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z"),
      ("@weekly", "1960-01-01T00:00:00Z", "1960-01-03T00:00:00Z"),
      ("0 0 1 1 *", "0001-01-01T00:00:00Z", "0002-01-01T00:00:00Z"),
    ])
  func knownAnswers(text: String, after: String, expected: String) throws {
    let found = try CronExpression(text).next(after: at(after), in: .utc)
    #expect(found.map(Timestamp.format) == expected)
  }

  @Test(
    "known answers backwards",
    arguments: [
      ("* * * * *", "2026-08-01T12:00:59Z", "2026-08-01T12:00:00Z"),
      ("0 4 * * 1", "2026-08-03T04:00:00Z", "2026-08-03T04:00:00Z"),
      ("0 4 * * 1", "2026-08-03T03:59:59Z", "2026-07-27T04:00:00Z"),
      ("0 0 31 * *", "2026-03-30T00:00:00Z", "2026-01-31T00:00:00Z"),
      ("0 0 29 2 *", "2103-12-31T00:00:00Z", "2096-02-29T00:00:00Z"),
      ("15,45 6,18 * * *", "2026-08-01T06:14:00Z", "2026-07-31T18:45:00Z"),
      ("@yearly", "1969-12-31T23:59:59Z", "1969-01-01T00:00:00Z"),
    ])
  func knownAnswersBackwards(text: String, from: String, expected: String) throws {
    let found = try CronExpression(text).previous(atOrBefore: at(from), in: .utc)
    #expect(found.map(Timestamp.format) == expected)
  }

  @Test("day of month and day of week must both match, as in Celery and unlike in Unix cron")
  func bothDays() throws {
    let found = try slots("0 0 1-7 * mon", after: "2026-01-01T00:00:00Z", in: .utc, count: 3)
    #expect(found == ["2026-01-05 00:00 +0000", "2026-02-02 00:00 +0000", "2026-03-02 00:00 +0000"])
  }

  @Test("each month end is found, leap years included")
  func monthEnds() throws {
    for (year, february) in [(1900, 28), (2000, 29), (2026, 28), (2028, 29), (2100, 28)] {
      let expression = try CronExpression("0 0 28-31 * *")
      let start = CivilDate(year: year, month: 1, day: 1).dayNumber * 86_400 - 1
      var moment = start
      var days = 0
      while let next = expression.next(after: moment, in: .utc), next < start + 366 * 86_400 {
        let date = CivilDate(dayNumber: floorDivide(next, 86_400).quotient)
        guard date.year == year else { break }
        #expect((28...31).contains(date.day))
        days += 1
        moment = next
      }
      // Seven months end on the 31st (4 days each from the 28th), four on the 30th (3 days each), and February.
      #expect(days == 7 * 4 + 4 * 3 + (february - 27))
    }
  }

  @Test("the rarest day comes within the horizon")
  func rarestDay() throws {
    for weekday in 0...6 {
      let expression = try CronExpression("0 0 29 2 \(weekday)")
      var moment = try at("1890-01-01T00:00:00Z")
      let end = try at("2300-01-01T00:00:00Z")
      var longest: Int64 = 0
      while moment < end {
        let next = try #require(expression.next(after: moment, in: .utc))
        let date = CivilDate(dayNumber: floorDivide(next, 86_400).quotient)
        #expect(date.weekday == weekday && date.month == 2 && date.day == 29)
        longest = max(longest, next - moment)
        moment = next
      }
      #expect(longest <= Int64(CronExpression.horizonInYears) * 366 * 86_400)
    }
  }

  @Test("hostile moments give an answer or none, and never trap")
  func extremes() throws {
    let expression = try CronExpression("0 0 29 2 mon")
    let berlin = try CronZone("Europe/Berlin")
    for zone in [CronZone.utc, berlin] {
      #expect(expression.next(after: .max, in: zone) == nil)
      #expect(expression.next(after: Instant.latest, in: zone) == nil)
      #expect(expression.previous(atOrBefore: .min, in: zone) == nil)
      #expect(expression.next(after: .min, in: zone) == expression.next(after: Instant.earliest, in: zone))
      #expect(
        expression.previous(atOrBefore: .max, in: zone) == expression.previous(atOrBefore: Instant.latest, in: zone))
    }
    #expect(
      try CronExpression("59 23 31 12 *").next(after: at("9999-12-31T23:58:59Z"), in: .utc) == Instant.latest - 59)
    #expect(try CronExpression("0 0 1 1 *").next(after: at("9999-01-01T00:00:00Z"), in: .utc) == nil)
    #expect(try CronExpression("0 0 1 1 *").next(after: .min, in: .utc) == Instant.earliest)
  }

  @Test("civil dates and day numbers convert both ways over 800 years")
  func civilDates() {
    var date = CivilDate(year: 1600, month: 1, day: 1)
    var number = date.dayNumber
    let saturday = 6
    #expect(date.weekday == saturday)
    while date.year < 2400 {
      check(CivilDate(dayNumber: number) == date, "day \(number)")
      number += 1
      date.day += 1
      if date.day > CivilDate.length(ofMonth: date.month, year: date.year) {
        (date.month, date.day) = (date.month + 1, 1)
        if date.month == 13 { (date.year, date.month) = (date.year + 1, 1) }
      }
      guard date.dayNumber == number else {
        Issue.record("\(date) is not day \(number)")
        return
      }
    }
  }
}
