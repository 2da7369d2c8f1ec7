import Foundation
import Testing

@testable import CelerityCron

/// What Celery's own `crontab` does, written down by `Fixtures/generate.py`.
private struct CeleryFixture: Decodable {
  struct FieldRow: Decodable {
    let field: String
    let text: String
    let values: [Int]?

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      field = try row.decode(String.self)
      text = try row.decode(String.self)
      values = try row.decodeNil() ? nil : row.decode([Int].self)
    }
  }

  struct SlotRow: Decodable {
    let expression: String
    let after: Int64
    let slots: [Int64]

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      expression = try row.decode(String.self)
      after = try row.decode(Int64.self)
      slots = try row.decode([Int64].self)
    }
  }

  let celery: String
  let fields: [FieldRow]
  let slots: [SlotRow]

  static func load() throws -> CeleryFixture {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/celery-crontab", withExtension: "json"))
    return try JSONDecoder().decode(CeleryFixture.self, from: Data(contentsOf: url))
  }
}

@Suite("Agreement with Celery")
struct CeleryTests {
  @Test("the next slots of random expressions in UTC are Celery's")
  func slots() throws {
    let fixture = try CeleryFixture.load()
    #expect(fixture.slots.count >= 400)
    for row in fixture.slots {
      let expression = try CronExpression(row.expression)
      var moment = row.after
      for expected in row.slots {
        let next = try #require(expression.next(after: moment, in: .utc))
        #expect(next == expected, "\(row.expression) after \(moment)")
        moment = next
      }
    }
  }

  @Test("fields expand to Celery's values and what Celery refuses is refused")
  func fields() throws {
    let fixture = try CeleryFixture.load()
    #expect(fixture.fields.count >= 400)
    #expect(fixture.fields.filter { $0.values == nil }.count >= 100)
    for row in fixture.fields {
      let field = try #require(CronField(rawValue: row.field))
      var parser = FieldParser(Array(row.text.utf8), 0..<row.text.utf8.count, as: field)
      #expect((try? parser.parse())?.members == row.values, "\(row.field) \(row.text)")
    }
  }

  @Test(
    "slips that Celery reads as something else are refused here",
    arguments: ["1-5/2/x", "1-5x,7", "monkey", "mar", "*/2*"])
  func stricter(text: String) {
    var parser = FieldParser(Array(text.utf8), 0..<text.utf8.count, as: .dayOfWeek)
    #expect(throws: CronError.self) { try parser.parse() }
  }
}
