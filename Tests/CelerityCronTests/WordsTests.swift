import Testing

@testable import CelerityCron

@Suite("Plain English")
struct WordsTests {
  @Test(
    "an expression is told in words",
    arguments: [
      ("* * * * *", "every minute"),
      ("*/1 * * * *", "every minute"),
      ("*/5 * * * *", "every 5 minutes"),
      ("*/7 * * * *", "at 0, 7, 14, 21, 28, 35, 42, 49 and 56 minutes past every hour"),
      ("*/5 9-17 * * 1-5", "every 5 minutes from 09:00 to 17:55 on weekdays"),
      ("* 3 * * *", "every minute from 03:00 to 03:59"),
      ("*/30 8,12,20 * * *", "every 30 minutes in hours 8, 12 and 20"),
      ("*/30 22-2 * * *", "every 30 minutes in hours 0 to 2, 22 and 23"),
      ("0 * * * *", "every hour"),
      ("0 * * * 0", "every hour on Sundays"),
      ("1 * * * *", "at 1 minute past every hour"),
      ("5,35 * * * *", "at 5 and 35 minutes past every hour"),
      ("0 */2 * * *", "every 2 hours"),
      ("0 */2 * * sat", "every 2 hours on Saturdays"),
      ("0 */2 * * fri-sun", "every 2 hours on Fridays to Sundays"),
      ("0 */5 * * *", "at 00:00, 05:00, 10:00, 15:00 and 20:00 every day"),
      ("0 */12 * * *", "at 00:00 and 12:00 every day"),
      ("0 4 * * *", "at 04:00 every day"),
      ("30 4,16 * * *", "at 04:30 and 16:30 every day"),
      ("0,30 9-17 * * *", "every 30 minutes from 09:00 to 17:30"),
      ("10 0-10 * * *", "at 10 minutes past hours 0 to 10 every day"),
      ("1,2,4,5,7,8,10 3 * * *", "at 1, 2, 4, 5, 7, 8 and 10 minutes past hour 3 every day"),
      ("0 4 * * 1", "at 04:00 every Monday"),
      ("0 2 * * 1-5", "at 02:00 on weekdays"),
      ("0 2 * * 6,0", "at 02:00 on weekends"),
      ("0 2 * * mon-thu", "at 02:00 every Monday to Thursday"),
      ("0 4 * * fri-mon", "at 04:00 every Monday and Friday to Sunday"),
      ("0 4 * 6-8 1,4", "at 04:00 every Monday and Thursday in June to August"),
      ("30 4 1 * *", "on the 1st of every month at 04:30"),
      ("0 4,16 1,15 * *", "on the 1st and 15th of every month at 04:00 and 16:00"),
      ("*/10 * 1 * *", "every 10 minutes on the 1st of every month"),
      ("0 0 1 1 *", "on the 1st of January at 00:00"),
      ("0 0 29 2 *", "on the 29th of February at 00:00"),
      ("0 0 31 * *", "at 00:00 on the 31st of every month that has one"),
      ("0 0 29-31 * *", "at 00:00 on the 29th to 31st of every month, as far as they exist"),
      ("0 0 31 4-5 *", "at 00:00 on the 31st of April and May, as far as they exist"),
      ("0 0 29 1-2 *", "at 00:00 on the 29th of January and February, as far as they exist"),
      ("0 0 13 * 5", "at 00:00 on the 13th of every month when it is a Friday"),
      ("0 0 13 * 1-5", "at 00:00 on the 13th of every month when it is a weekday"),
      ("0 0 13 * 0,6", "at 00:00 on the 13th of every month when it is a weekend"),
      ("0 0 13 * 1,4", "at 00:00 on the 13th of every month when it is a Monday or Thursday"),
      ("0 12 * 2 *", "at 12:00 every day in February"),
      ("*/5 * * 12 *", "every 5 minutes in December"),
      ("*/61 */30 * * *", "at 00:00 every day"),
      ("1-59/2 1-23/2 * * *", "by the crontab 1-59/2 1-23/2 * * *"),
    ])
  func words(text: String, expected: String) throws {
    #expect(try CronExpression(text).words == expected)
  }

  @Test(
    "a zone is named behind the words, UTC is not",
    arguments: [
      ("0 2 * * 1-5 Europe/Berlin", "at 02:00 on weekdays, Europe/Berlin"),
      ("0 2 * * 1-5 UTC", "at 02:00 on weekdays"),
      ("30 4 1 * * Asia/Kolkata", "on the 1st of every month at 04:30, Asia/Kolkata"),
      ("@monthly", "on the 1st of every month at 00:00"), ("@yearly", "on the 1st of January at 00:00"),
      ("@weekly", "at 00:00 every Sunday"), ("every 1 week", "every week"), ("every 61 minutes", "every 61 minutes"),
    ])
  func zones(text: String, expected: String) throws {
    #expect(try Schedule(text).words == expected)
  }

  /// Field values that cover every form of words and the borders between forms.
  private static let fields: [[String]] = [
    ["*", "*/2", "*/30", "0", "1", "59", "0,30", "5,35", "*/7", "0-30", "1-59/2", "1,2,4,5,7,8,10"],
    ["*", "*/2", "*/12", "*/5", "0", "23", "3,4", "9-17", "22-2", "1-23/2"],
    ["*", "1", "31", "30", "29", "28", "1,15", "1-31/2", "2-31", "29-31"],
    ["*", "1", "2", "1,3", "2,3", "4-6", "1-11"],
    ["*", "1", "0", "1-5", "0,6", "1,4", "fri-mon", "1-6"],
  ]

  @Test("Different schedules have different words, so that words are never taken for another schedule")
  func unmistakable() throws {
    var seen: [String: CronExpression] = [:]
    var count = 0
    let (minutes, hours, days, months, weekdays) = (
      Self.fields[0], Self.fields[1], Self.fields[2], Self.fields[3], Self.fields[4]
    )
    for minute in minutes {
      for hour in hours {
        for day in days {
          for month in months {
            for weekday in weekdays {
              guard let expression = try? CronExpression([minute, hour, day, month, weekday].joined(separator: " "))
              else { continue }  // a date that never comes
              count += 1
              if let other = seen.updateValue(expression, forKey: expression.words), other != expression {
                Issue.record("\(other) and \(expression) are both '\(expression.words)'")
              }
            }
          }
        }
      }
    }
    #expect(count > 60_000)
  }

  @Test("Words of any schedule fit a line and hold no control characters")
  func bounded() {
    var generator = SeededGenerator(seed: 0xCE1E_0011)
    for _ in 0..<5_000 {
      let words = RandomExpression.make(&generator).words
      #expect(words.utf8.count <= 300 && words.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    }
  }
}
