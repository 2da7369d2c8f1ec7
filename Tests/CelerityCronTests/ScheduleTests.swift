import Testing

@testable import CelerityCron

@Suite("Schedules")
struct ScheduleTests {
  @Test(
    "interval slots are anchored and always later",
    arguments: [
      (30, 100, 99, 100), (30, 100, 100, 130), (30, 100, 129, 130), (30, 100, 130, 160), (30, 100, 1_000, 1_030),
      (1, 0, 0, 1), (7, -3, -4, -3), (7, -3, 0, 4), (86_400, 0, Int64.min, 0), (10, Int64.min, 5, 12),
      (Int64.max, Int64.min, -1, Int64.max - 1), (Int64.max, Int64.min, -2, -1),
    ] as [(Int64, Int64, Int64, Int64)])
  func interval(seconds: Int64, anchor: Int64, after: Int64, expected: Int64) {
    #expect(Schedule.interval(seconds: seconds).next(after: after, anchor: anchor) == expected)
  }

  @Test("an interval that cannot be represented is never due", arguments: [0, -1, Int64.min] as [Int64])
  func deadInterval(seconds: Int64) {
    let schedule = Schedule.interval(seconds: seconds)
    #expect(schedule.next(after: 0, anchor: 0) == nil)
    #expect(schedule.previous(atOrBefore: 0, anchor: 0) == nil)
    #expect(schedule.words == "never")
  }

  @Test("hostile intervals keep the order or end")
  func hostileIntervals() {
    let values: [Int64] = [.min, .min + 1, -1, 0, 1, 2, 59, .max / 2, .max - 1, .max]
    for seconds in values where seconds > 0 {
      for anchor in values {
        for moment in values {
          let schedule = Schedule.interval(seconds: seconds)
          if let next = schedule.next(after: moment, anchor: anchor) {
            #expect(next > moment && next >= anchor)
            #expect(schedule.previous(atOrBefore: next, anchor: anchor) == next)
          } else {
            #expect(moment > .max - seconds)
          }
          if let previous = schedule.previous(atOrBefore: moment, anchor: anchor) {
            #expect(previous <= moment && previous >= anchor)
          } else {
            #expect(moment < anchor)
          }
        }
      }
    }
  }

  @Test("a late run does not move the slots of an interval")
  func noDrift() {
    let schedule = Schedule.interval(seconds: 60)
    var generator = SeededGenerator(seed: 0xCE1E_0006)
    var moment: Int64 = 17
    for _ in 0..<1_000 {
      let late = moment + Int64.random(in: 0..<600, using: &generator)
      moment = schedule.next(after: late, anchor: 17) ?? 0
      #expect(moment > late && moment - late <= 60)
      #expect((moment - 17) % 60 == 0)
    }
  }

  @Test("a single moment comes once")
  func once() {
    let schedule = Schedule.once(at: 500)
    #expect(schedule.next(after: 499, anchor: 0) == 500)
    #expect(schedule.next(after: 500, anchor: 0) == nil)
    #expect(schedule.previous(atOrBefore: 500, anchor: 0) == 500)
    #expect(schedule.previous(atOrBefore: 499, anchor: 0) == nil)
  }

  @Test(
    "the textual form is read and printed",
    arguments: [
      ("every 30s", "every 30s", "every 30 seconds"),
      ("every 60s", "every 1m", "every minute"),
      ("Every 5 minutes", "every 5m", "every 5 minutes"),
      ("every 1h30m", "every 90m", "every 90 minutes"),
      ("every 1 h 30 min", "every 90m", "every 90 minutes"),
      ("every day", "every 1d", "every day"),
      ("every 2 weeks", "every 2w", "every 2 weeks"),
      ("every 90000s", "every 25h", "every 25 hours"),
      ("0 4 * * 1", "0 4 * * 1", "at 04:00 every Monday"),
      ("  0  4 * * mon Europe/Berlin ", "0 4 * * mon Europe/Berlin", "at 04:00 every Monday, Europe/Berlin"),
      ("0 4 * * 1 UTC", "0 4 * * 1", "at 04:00 every Monday"),
      ("@daily", "@daily", "at 00:00 every day"),
      ("@hourly Asia/Tokyo", "@hourly Asia/Tokyo", "every hour, Asia/Tokyo"),
      ("at 2030-01-31T12:00:00Z", "at 2030-01-31T12:00:00Z", "once at 2030-01-31T12:00:00Z"),
      ("at 2030-01-31t12:00:00+05:30", "at 2030-01-31T06:30:00Z", "once at 2030-01-31T06:30:00Z"),
      ("at 0", "at 1970-01-01T00:00:00Z", "once at 1970-01-01T00:00:00Z"),
      ("at -99999999999999", "at -99999999999999", "once at -99999999999999"),
    ])
  func text(text: String, printed: String, words: String) throws {
    let schedule = try Schedule(text)
    #expect(schedule.description == printed)
    #expect(schedule.words == words)
    #expect(try Schedule(printed) == schedule)
  }

  @Test(
    "a refused schedule says where and why",
    arguments: [
      ("", 0, "the schedule is empty"),
      ("every", 5, "a period is missing"),
      ("every 30", 8, "a unit is missing"),
      ("every 30x", 8, "'x' is not a unit of time"),
      ("every -5s", 6, "a number is missing"),
      ("every 1.5h", 7, "a unit is missing"),
      ("every 0s", 6, "the period must be from a second to a thousand years"),
      ("every 1h m", 9, "a number is missing"),
      ("every 9999999999999999999999s", 6, "the period is too long"),
      ("every 999999999999w", 6, "the period is too long"),
      ("@every 5m", 0, "'@every' is not used here"),
      ("0 4 * * 1 Europe/Berln", 10, "unknown time zone 'Europe/Berln'"),
      ("0 4 * * 8 Europe/Berlin", 8, "8 is out of range"),
      ("0 0 12 * * MON", 11, "6 fields where 5 are expected"),
      ("0 0 12 * * ?", 11, "6 fields where 5 are expected"),
      ("at", 2, "one moment is expected"),
      ("at 2030-02-29T00:00:00Z", 3, "'2030-02-29T00:00:00Z' is not a moment"),
      ("at 2030-01-01T24:00:00Z", 3, "'2030-01-01T24:00:00Z' is not a moment"),
      ("at 2030-01-01T00:00:00", 3, "'2030-01-01T00:00:00' is not a moment"),
      ("at 2030-01-01T00:00:00*00:00", 3, "'2030-01-01T00:00:00*00:00' is not a moment"),
      ("at 2030-01-01 00:00:00Z", 14, "one moment is expected"),
      ("tomorrow", 8, "1 field where 5 are expected"),
    ])
  func refusals(text: String, position: Int, message: String) throws {
    let error = try refusal { () throws(CronError) in _ = try Schedule(text) }
    #expect(error.message == message)
    #expect(error.position == position)
  }

  @Test("the total of many parts is bounded too")
  func boundedPeriod() {
    let text = "every " + Array(repeating: "365000d", count: 30).joined(separator: " ")
    #expect(throws: CronError.self) { try Schedule(text) }
    #expect(throws: CronError.self) { try Schedule("every 1s" + String(repeating: " ", count: 1_000_000)) }
  }

  @Test("an expression without a zone takes the caller's")
  func defaultZone() throws {
    let tokyo = try CronZone("Asia/Tokyo")
    let schedule = try Schedule("0 9 * * *", zone: tokyo)
    #expect(schedule == (try Schedule("0 9 * * * Asia/Tokyo")))
    #expect(schedule.next(after: try at("2026-08-01T12:00:00Z"), anchor: 0) == (try at("2026-08-02T00:00:00Z")))
    #expect(
      schedule.previous(atOrBefore: try at("2026-08-01T12:00:00Z"), anchor: 0) == (try at("2026-08-01T00:00:00Z")))
    #expect(try Schedule("0 9 * * * UTC", zone: tokyo) != schedule)
  }
}
