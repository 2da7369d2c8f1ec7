import Testing

@testable import CelerityCron

@Suite("Properties")
struct PropertyTests {
  static let zones = [
    "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata",
  ]

  @Test("next is later, previous is not, and each undoes the other", arguments: zones)
  func nextAndPrevious(name: String) throws {
    let zone = try CronZone(name)
    var generator = SeededGenerator(seed: 0xCE1E_0001)
    for _ in 0..<2_000 {
      let expression = RandomExpression.make(&generator)
      let moment = Int64.random(in: -2_000_000_000...8_000_000_000, using: &generator)
      let next = try #require(expression.next(after: moment, in: zone))
      check(next > moment, "\(expression) \(moment)")
      check(expression.previous(atOrBefore: next, in: zone) == next, "\(expression) \(moment)")
      let previous = try #require(expression.previous(atOrBefore: moment, in: zone))
      check(previous <= moment, "\(expression) \(moment)")
      check(expression.next(after: previous - 1, in: zone) == previous, "\(expression) \(moment)")
      check(expression.next(after: previous, in: zone) == next, "\(expression) \(moment)")
      check(expression.previous(atOrBefore: next - 1, in: zone) == previous, "\(expression) \(moment)")
    }
  }

  /// The two rules said in the slowest way: walk through all minutes and ask what the wall clock shows.
  private func walk(_ expression: CronExpression, _ zone: CronZone, from start: Int64, through end: Int64) -> [Int64] {
    func matches(_ wall: Int64) -> Bool {
      let (day, second) = floorDivide(wall, 86_400)
      let date = CivilDate(dayNumber: day)
      return expression.minutes.contains(Int(second / 60 % 60)) && expression.hours.contains(Int(second / 3600))
        && expression.daysOfMonth.contains(date.day) && expression.months.contains(date.month)
        && expression.daysOfWeek.contains(date.weekday)
    }
    var found: [Int64] = []
    var shown = start + Int64(zone.secondsFromUTC(at: start))
    for instant in stride(from: start + 60, through: end, by: 60) {
      let wall = instant + Int64(zone.secondsFromUTC(at: instant))
      if expression.hours.count == 24 {
        if matches(wall) { found.append(instant) }
      } else if wall > shown, stride(from: shown + 60, through: wall, by: 60).contains(where: matches) {
        found.append(instant)
      }
      shown = max(shown, wall)
    }
    return found
  }

  /// Days around changes of each zone: both yearly ones, far future ones that only the rule after the table knows.
  static let changes = [
    ("Europe/Berlin", "2026-03-29T01:00:00Z"), ("Europe/Berlin", "2026-10-25T01:00:00Z"),
    ("Europe/Berlin", "2071-03-29T01:00:00Z"), ("America/New_York", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"), ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"), ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("America/Santiago", "2026-09-06T04:00:00Z"), ("America/Goose_Bay", "2000-10-29T03:01:00Z"),
  ]

  @Test("around clock changes the search agrees with a walk through every minute", arguments: changes)
  func agreesWithWalk(name: String, change: String) throws {
    let zone = try CronZone(name)
    let centre = try at(change)
    #expect(zone.secondsFromUTC(at: centre) != zone.secondsFromUTC(at: centre - 1), "no change here")
    // Three days before, so that what the walk has not seen of an earlier change cannot matter.
    let (start, end) = (centre - 3 * 86_400, centre + 2 * 86_400)
    var generator = SeededGenerator(seed: 0xCE1E_0002)
    for round in 0..<40 {
      let minute = ["0", "30", "*/20", "5-55/10", "*"].randomElement(using: &generator) ?? "*"
      let hour = ["*", "2", "0-3", "*/2", "0", "1,2,3", "22-4"].randomElement(using: &generator) ?? "*"
      let weekday = round % 4 == 0 ? "sun,mon,sat" : "*"
      let expression = try CronExpression("\(minute) \(hour) * * \(weekday)")
      var found: [Int64] = []
      var moment = start
      while let next = expression.next(after: moment, in: zone), next <= end {
        found.append(next)
        moment = next
      }
      #expect(found == walk(expression, zone, from: start, through: end), "\(expression)")
      var backwards: [Int64] = []
      moment = end
      while let previous = expression.previous(atOrBefore: moment, in: zone), previous > start {
        backwards.append(previous)
        moment = previous - 1
      }
      #expect(backwards.reversed() == found, "\(expression)")
    }
  }

  @Test("from any moment around a clock change the same slots are seen ahead and behind", arguments: changes)
  func fromAnyMoment(name: String, change: String) throws {
    let zone = try CronZone(name)
    let centre = try at(change)
    for text in ["30 2 * * *", "*/20 0-2 * * *", "15,45 23-1 * * *", "*/30 * * * *"] {
      let expression = try CronExpression(text)
      let slots = walk(expression, zone, from: centre - 3 * 86_400, through: centre + 3 * 86_400)
      let later = { (moment: Int64) in slots.first { $0 > moment } }
      let earlier = { (moment: Int64) in slots.last { $0 <= moment } }
      for moment in stride(from: centre - 30 * 3600, through: centre + 30 * 3600, by: 413) {
        check(expression.next(after: moment, in: zone) == later(moment), "\(text) \(moment)")
        check(expression.previous(atOrBefore: moment, in: zone) == earlier(moment), "\(text) \(moment)")
      }
    }
  }

  @Test("ten years of a restricted entry have one slot a day, whatever the clocks do", arguments: zones)
  func oncePerDay(name: String) throws {
    let zone = try CronZone(name)
    for hour in 0...3 {
      let expression = try CronExpression("30 \(hour) * * *")
      var moment = try at("2020-06-15T12:00:00Z")
      let end = try at("2030-06-15T12:00:00Z")
      var days = 0
      while let next = expression.next(after: moment, in: zone), next <= end {
        check(next - moment <= 26 * 3600, "\(moment)")
        days += 1
        moment = next
      }
      #expect(days == 3652)
    }
  }

  @Test("what is printed reads back as the same schedule")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 0xCE1E_0003)
    let zone = try CronZone("Asia/Kolkata")
    for _ in 0..<500 {
      let expression = RandomExpression.make(&generator)
      #expect(try CronExpression(expression.description) == expression)
      let schedules: [Schedule] = [
        .cron(expression, zone: zone), .cron(expression, zone: .utc),
        .interval(seconds: Int64.random(in: 1...Period.longest, using: &generator)),
        .once(at: Int64.random(in: Instant.earliest...Instant.latest, using: &generator)),
        .once(at: Int64.random(in: Int64.min...Int64.max, using: &generator)),
      ]
      for schedule in schedules {
        #expect(try Schedule(schedule.description) == schedule)
        #expect(!schedule.words.isEmpty)
      }
    }
  }
}
