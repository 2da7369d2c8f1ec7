import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

@Suite struct ValidationTests {
  static let person = #""personalInfo":{"name":"Jane","email":"jane@example.com"}"#

  private func report(
    _ data: String, _ level: ValidationLevel = .standard, type: DocumentType = .resume
  ) throws -> ValidationReport {
    DocumentValidator.report(on: try RawJSON(validating: data), of: type, level: level, today: "May 1, 2026")
  }

  @Test(
    "3.5: what a resume can't do without is named with its code and place",
    arguments: [
      (#"{}"#, "VAL001", "personalInfo"),
      (#"{"personalInfo":null}"#, "VAL001", "personalInfo"),
      (#"{"personalInfo":[]}"#, "VAL002", "personalInfo"),
      (#"{"personalInfo":{"email":"j@example.com"}}"#, "VAL001", "personalInfo.name"),
      (#"{"personalInfo":{"name":" ","email":"j@example.com"}}"#, "VAL001", "personalInfo.name"),
      (#"{"personalInfo":{"name":7,"email":"j@example.com"}}"#, "VAL002", "personalInfo.name"),
      (#"{"personalInfo":{"name":"J"}}"#, "VAL001", "personalInfo.email"),
      (#"{"personalInfo":{"name":"J","email":"nonsense"}}"#, "VAL003", "personalInfo.email"),
      (#"{"personalInfo":{"name":"J","email":"j@example.com","phone":5}}"#, "VAL002", "personalInfo.phone"),
      (#"{\#(person),"experience":[{"startDate":"May"}]}"#, "VAL006", "experience[0].startDate"),
      (#"{\#(person),"education":[{},{"endDate":"2021-13"}]}"#, "VAL006", "education[1].endDate"),
      (#"{\#(person),"experience":[{"startDate":2021}]}"#, "VAL002", "experience[0].startDate"),
    ])
  func resume(data: String, code: String, field: String) throws {
    let report = try report(data)
    #expect(!report.isValid)
    #expect(report.errors.first?.code.rawValue == code)
    #expect(report.errors.first?.field == field)
    #expect(throws: DocumentError.self) { try report.valid() }
  }

  @Test(
    "3.5: a letter needs a body, and its recipient is an object",
    arguments: [
      (#"{\#(person)}"#, "VAL001", "body"), (#"{\#(person),"body":""}"#, "VAL001", "body"),
      (#"{\#(person),"body":[]}"#, "VAL001", "body"), (#"{\#(person),"body":{}}"#, "VAL002", "body"),
      (#"{\#(person),"body":[1]}"#, "VAL002", "body[0]"),
      (#"{\#(person),"body":"x","recipient":"John"}"#, "VAL002", "recipient"),
      (#"{\#(person),"body":"x","date":7}"#, "VAL002", "date"),
    ])
  func letter(data: String, code: String, field: String) throws {
    let report = try report(data, type: .coverLetter)
    #expect(report.errors.first?.code.rawValue == code)
    #expect(report.errors.first?.field == field)
  }

  @Test("3.5: a letter without a date gets the day's, so that one order has one document")
  func date() throws {
    #expect(try report(#"{\#(Self.person),"body":"x"}"#, type: .coverLetter).data["date"] == .string("May 1, 2026"))
    let dated = #"{\#(Self.person),"body":"x","date":"Yesterday"}"#
    #expect(try report(dated, type: .coverLetter).data["date"] == .string("Yesterday"))
    #expect(LetterDate.text(.init(seconds: 1_795_737_600)) == "November 27, 2026")
    #expect(LetterDate.text(.init(seconds: 0)) == "January 1, 1970")
  }

  @Test("3.5: the title of an experience is its position too, and checking twice changes nothing")
  func position() throws {
    let first = try report(#"{\#(Self.person),"experience":[{"title":"A"},{"title":"A","position":"B"}]}"#)
    let items = first.data["experience"]?.elements()
    #expect(items?.map { $0["position"] } == [.string("A"), .string("B")])
    #expect(try report(first.data.description).data == first.data)
  }

  @Test("3.3: odd phone numbers and addresses are warnings, errors only at the strict level")
  func warnings() throws {
    let data =
      #"{"personalInfo":{"name":"J","email":"j@example.com","phone":"call me","website":"my site"}}"#
    for level in [ValidationLevel.standard, .lenient, .permissive] {
      let report = try report(data, level)
      #expect(report.isValid)
      #expect(report.warnings.map(\.code) == [.oddPhone, .oddURL])
    }
    #expect(try report(data, .strict).errors.map(\.code) == [.oddPhone, .oddURL])
  }

  @Test("3.5: the permissive level only tells of addresses and dates that can't be read")
  func permissive() throws {
    let data = #"{"personalInfo":{"name":"J","email":"nonsense"},"experience":[{"startDate":"soon"}]}"#
    #expect(try report(data, .permissive).warnings.map(\.code) == [.badEmail, .badDate])
    #expect(try report(data, .permissive).isValid)
    #expect(try report(data, .lenient).errors.map(\.code) == [.badEmail, .badDate])
    #expect(try !report(#"{"personalInfo":{"name":"J"}}"#, .permissive).isValid)
  }

  @Test("3.5: ultra cleans texts and rewrites addresses, numbers and dates")
  func normalised() throws {
    let data = #"""
      {"personalInfo":{"name":" Jane\u0000\u202e Doe ","email":"Jane@Example.COM","phone":"555-123-4567",
      "website":"example.com","github":"janedoe"},
      "experience":[{"title":"A\r\nB","startDate":"June 2021","endDate":"now","url":"example.org/x"}],
      "education":[{"startDate":{"year":2001,"month":9},"endDate":"2005"}],
      "publications":[{"date":"5/2018"},{"date":"forthcoming"}],
      "references":[{"email":"A@B.example","phone":"15551234567"}]}
      """#
    let report = try report(data, .lenient)
    #expect(report.isValid)
    let info = report.data["personalInfo"]
    #expect(info?["name"] == .string("Jane Doe"))
    #expect(info?["email"] == .string("jane@example.com"))
    #expect(info?["phone"] == .string("(555) 123-4567"))
    #expect(info?["website"] == .string("https://example.com"))
    #expect(info?["github"] == .string("janedoe"))
    let job = report.data["experience"]?.elements()?.first
    #expect(job?["title"] == .string("A\nB"))
    #expect(job?["startDate"] == .string("2021-06"))
    #expect(job?["endDate"] == .string("Present"))
    #expect(job?["url"] == .string("https://example.org/x"))
    let school = report.data["education"]?.elements()?.first
    #expect(school?["startDate"] == .string("2001-09"))
    #expect(school?["endDate"] == .string("2005"))
    #expect(
      report.data["publications"]?.elements()?.map { $0["date"] } == [.string("2018-05"), .string("forthcoming")])
    #expect(report.data["references"]?.elements()?.first?["email"] == .string("a@b.example"))
    #expect(report.data["references"]?.elements()?.first?["phone"] == .string("+1 (555) 123-4567"))
  }

  @Test("3.5: the standard level rewrites nothing")
  func untouched() throws {
    let data = #"{"personalInfo":{"name":" Jane ","email":"Jane@Example.COM","phone":"555-123-4567"}}"#
    #expect(try report(data).data.description == data)
  }

  @Test(
    "C1.16: dangerous commands are refused at every level that normalises, wherever they stand",
    arguments: [
      #"\\input{/etc/passwd}"#, #"\\include{x}"#, #"\\immediate\\write18{ls}"#, #"\\openout5"#, #"\\catcode`\\@=11"#,
      #"\\DEF\\x{}"#, #"\\csname x\\endcsname"#, #"^^5cinput{x}"#, #"a \\\\b \\expandafter"#, #"\\shell"#,
    ])
  func dangerous(text: String) throws {
    let places = [
      #"{\#(Self.person),"summary":"\#(text)"}"#, #"{\#(Self.person),"skills":{"\#(text)":["a"]}}"#,
      #"{\#(Self.person),"experience":[{"achievements":["a","\#(text)"]}]}"#, #"{\#(Self.person),"\#(text)":"a"}"#,
    ]
    for data in places {
      for level in [ValidationLevel.strict, .lenient, .permissive] {
        let error = try report(data, level).errors.first
        #expect(error?.code == .dangerousText)
        #expect(error?.status == 400)
      }
    }
    #expect(try report(places[0]).isValid)
  }

  @Test(
    "3.5: what only looks like a command is none",
    arguments: [#"inputs \\\\ and outputs"#, #"\\includegraphics"#, #"the input"#, #"C:\\inputs"#, #"\\"#, #"^^5c"#])
  func harmless(text: String) throws {
    #expect(try report(#"{\#(Self.person),"summary":"\#(text)"}"#, .strict).isValid)
  }

  @Test("What an answer tells is bounded, and an error is told whatever came before it")
  func bounded() throws {
    let items = Array(repeating: #"{"phone":"x"}"#, count: 500).joined(separator: ",")
    let report = try report(#"{"personalInfo":{"name":"J"},"references":[\#(items)]}"#, .lenient)
    #expect(report.findings.count == ValidationReport.findingLimit)
    #expect(report.isCut)
    #expect(report.errors.map(\.code) == [.missingField])
  }
}
