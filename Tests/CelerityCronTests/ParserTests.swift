import Testing

@testable import CelerityCron

@Suite("Reading crontab expressions")
struct ParserTests {
  @Test(
    "fields expand to the values Celery gives them",
    arguments: [
      ("*/15", CronField.minute, [0, 15, 30, 45]),
      ("0,0,00", .minute, [0]),
      ("*/61", .minute, [0]),
      ("22-2/2", .hour, [0, 2, 22]),
      ("22-2", .hour, [0, 1, 2, 22, 23]),
      ("5-5", .hour, [5]),
      ("*/10", .dayOfMonth, [1, 11, 21, 31]),
      ("2-30/2", .dayOfMonth, Array(stride(from: 2, through: 30, by: 2))),
      ("*/2", .monthOfYear, [1, 3, 5, 7, 9, 11]),
      ("jan,MAR-may,sept,December", .monthOfYear, [1, 3, 4, 5, 9, 12]),
      ("nov-feb", .monthOfYear, [1, 2, 11, 12]),
      ("fri-mon", .dayOfWeek, [0, 1, 5, 6]),
      ("Tues,thurs,SUNDAY", .dayOfWeek, [0, 2, 4]),
      ("6-0", .dayOfWeek, [0, 6]),
      ("*,3", .dayOfWeek, [0, 1, 2, 3, 4, 5, 6]),
    ] as [(String, CronField, [Int])])
  func expansion(text: String, field: CronField, expected: [Int]) throws {
    var parser = FieldParser(Array(text.utf8), 0..<text.utf8.count, as: field)
    #expect(try parser.parse().members == expected)
  }

  @Test(
    "a refusal names the field, the place and the reason",
    arguments: [
      ("60 * * * *", 0, CronField.minute, "60 is out of range"),
      ("0 24 * * *", 2, .hour, "24 is out of range"),
      ("0 0 0 * *", 4, .dayOfMonth, "0 is out of range"),
      ("0 0 1 13 *", 6, .monthOfYear, "13 is out of range"),
      ("0 0 * * 0-7", 10, .dayOfWeek, "7 is out of range"),
      ("*/0 * * * *", 2, .minute, "a step of 0 never moves"),
      ("3/4 * * * *", 1, .minute, "a step needs a range"),
      ("-5 * * * *", 0, .minute, "'-' is not expected here"),
      ("5- * * * *", 2, .minute, "a value is missing"),
      ("1,,2 * * * *", 2, .minute, "a value is missing"),
      ("* 1, * * *", 4, .hour, "a value is missing"),
      ("* */ * * *", 4, .hour, "a step is missing after /"),
      ("1-1000000000 * * * *", 2, .minute, "the number is too long"),
      ("* * ? * *", 4, .dayOfMonth, "'?' is not used here"),
      ("* * L * *", 4, .dayOfMonth, "'L' is not a value of this field"),
      ("* * * * fry", 8, .dayOfWeek, "'fry' is not a value of this field"),
      ("* * * * mar", 8, .dayOfWeek, "'mar' is not a value of this field"),
      ("* * * ma *", 6, .monthOfYear, "'ma' is not a value of this field"),
      ("* * * * 1#2", 9, .dayOfWeek, "'#' is not expected here"),
      ("5\u{301} * * * *", 1, .minute, "a character that no field may hold"),
      ("0 0 30 2 *", 4, .dayOfMonth, "day 30 never comes in February"),
      ("0 0 31 feb,apr-jun/2 *", 4, .dayOfMonth, "day 31 never comes in February or April or June"),
    ] as [(String, Int, CronField, String)])
  func refusals(text: String, position: Int, field: CronField, message: String) throws {
    let error = try refusal { () throws(CronError) in _ = try CronExpression(text) }
    #expect(error.message == message)
    #expect(error.position == position)
    #expect(error.field == field)
  }

  @Test(
    "a refusal says what to write instead",
    arguments: [
      ("0 0 * * 7", "Sunday is 0"),
      ("* * * * fry", "did you mean 'fri'?"),
      ("* * * agust *", "did you mean 'August'?"),
      ("@dayly", "did you mean '@daily'?"),
      ("3/4 * * * *", "write 3-59/n or */n"),
      ("* * L * *", "L, W, # and H are not part of Celery's crontab"),
      ("0 0 12 * * *", "there is no field for seconds; for a short period write 'every 10s'"),
      ("61 * * * *", "values are 0 to 59"),
      ("* * * 0 *", "values are 1 to 12, or jan to dec"),
    ])
  func hints(text: String, hint: String) throws {
    let error = try refusal { () throws(CronError) in _ = try CronExpression(text) }
    #expect(error.hint == hint)
    #expect(error.description.hasSuffix(hint))
  }

  @Test("five fields are needed", arguments: ["", "   ", "*", "* * * *", "* * * * * *", "@daily 5", "@", "@reboot"])
  func fieldCount(text: String) {
    #expect(throws: CronError.self) { try CronExpression(text) }
  }

  @Test("a hostile text is refused before it is looked at")
  func bounds() throws {
    let list = Array(repeating: "1", count: 1_000_000).joined(separator: ",")
    let texts = ["\(list) * * * *", String(repeating: " ", count: 300), String(repeating: "*/1,", count: 99)]
    for text in texts {
      let error = try refusal { () throws(CronError) in _ = try CronExpression(text) }
      #expect(error.position == 256)
      #expect(throws: CronError.self) { try Schedule(text) }
    }
    #expect(throws: CronError.self) { try CronExpression(minute: list) }
    let longest = Array(repeating: "*/1", count: 62).joined(separator: ",") + " * * * *"
    #expect(longest.utf8.count == 255)
    #expect(try CronExpression(longest) == CronExpression("* * * * *"))
  }

  @Test("refusing takes less than a millisecond", arguments: ["1-1000000000 * * * *", "*/0 * * * *", "0-59/0 * * * *"])
  func refusalIsFast(text: String) {
    // The fastest of many: a busy machine slows some rounds, a parser that expands without bounds slows all.
    let rounds = (0..<50).map { _ in ContinuousClock().measure { _ = try? CronExpression(text) } }
    #expect(rounds.min() ?? .seconds(1) < .milliseconds(1))
    #expect(throws: CronError.self) { try CronExpression(text) }
  }

  @Test(
    "names stand for their five fields",
    arguments: [
      ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@weekly", "0 0 * * 0"),
      ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"), ("@Annually", "0 0 1 1 *"),
    ])
  func macros(name: String, fields: String) throws {
    #expect(try CronExpression(name) == CronExpression(fields))
    #expect(try CronExpression(name).description == name.lowercased())
  }

  @Test("equality is about the minutes meant, the description about the spelling")
  func equality() throws {
    let names = try CronExpression("  0 4\t* jan-dec   mon-fri ")
    let numbers = try CronExpression("0 4 * * 1-5")
    #expect(names == numbers)
    #expect(names.hashValue == numbers.hashValue)
    #expect(names.description == "0 4 * jan-dec mon-fri")
    #expect(try CronExpression("0 4 * * 1-4") != numbers)
  }

  @Test("Celery's keyword form takes each field as text")
  func keywords() throws {
    #expect(try CronExpression() == CronExpression("* * * * *"))
    let expression = try CronExpression(minute: "0, 30", hour: "8-17", monthOfYear: "*/2", dayOfWeek: "mon-fri")
    #expect(expression == (try CronExpression("0,30 8-17 * */2 1-5")))
    #expect(expression.description == "0,30 8-17 * */2 mon-fri")
    #expect(try CronExpression(expression.description) == expression)
  }

  @Test("an error in the keyword form points into the text of its field")
  func keywordErrors() throws {
    let weekday = try refusal { () throws(CronError) in _ = try CronExpression(hour: "1", dayOfWeek: "1,8") }
    #expect(weekday.field == .dayOfWeek)
    #expect(weekday.position == 2)
    let empty = try refusal { () throws(CronError) in _ = try CronExpression(hour: "") }
    #expect(empty.field == .hour)
    #expect(empty.position == 0)
    let gap = try refusal { () throws(CronError) in _ = try CronExpression(hour: "1 2") }
    #expect(gap.position == 2)
  }
}
