import Testing

@testable import Documents

struct EntryTests {
  private func experience(_ members: String) throws -> SectionEntry {
    try #require(try DocumentContent.resume(#""experience":[{\#(members)}]"#).first?.items.first?.entry)
  }

  @Test("S1: positions and employers go by several names", arguments: ["title", "position", "role"])
  func titles(name: String) throws {
    for company in ["company", "employer", "organization"] {
      let entry = try experience(#""\#(name)":"Engineer","\#(company)":"Acme""#)
      #expect(entry == SectionEntry(title: "Engineer", organization: "Acme"))
    }
  }

  @Test("S1: a title that was copied to its synonym is printed once, another one twice")
  func synonyms() throws {
    #expect(try experience(#""title":"Engineer","position":"Engineer""#) == SectionEntry(title: "Engineer"))
    #expect(
      try experience(#""title":"Engineer","position":"Lead""#)
        == SectionEntry(title: "Engineer", facts: [SectionFact(label: "Position", values: ["Lead"])]))
  }

  @Test(
    "S1: dates are printed as they were given",
    arguments: [
      (#""startDate":"2020-01","endDate":"2021-02""#, "2020-01 – 2021-02"),
      (#""startDate":"2020-01""#, "2020-01 – Present"),
      (#""start_date":2020,"end_date":"Present""#, "2020 – Present"),
      (#""startDate":{"year":2020,"month":3},"endDate":{"year":2021,"month":12,"day":1}"#, "2020-03 – 2021-12-01"),
      (#""endDate":"2019""#, "2019"),
      (#""dates":"2001 to 2003""#, "2001 to 2003"),
    ])
  func dates(json: String, printed: String) throws {
    #expect(try experience(#""title":"Engineer",\#(json)"#).dates == printed)
  }

  @Test("S1: only work goes on when no end is given")
  func openEnds() throws {
    let sections = try DocumentContent.resume(
      #""education":[{"degree":"MSc","startDate":"2011"}],"volunteering":[{"role":"Cook","startDate":"2012"}]"#)
    #expect(sections.map { $0.items.first?.entry?.dates } == ["2011", "2012"])
  }

  @Test("C1.17: description, grade, honors and unknown fields are printed, empty ones are not")
  func nothingIsLost() throws {
    let work = try experience(
      #""title":"E","description":"Line one\nLine two","details":"A\nB","duties":["C"],"focus":"","team":{"size":5}"#)
    #expect(work.paragraphs == ["Line one", "Line two"])
    #expect(work.points == ["A", "B", "C"])
    #expect(work.facts == [SectionFact(label: "Team", values: ["Size: 5"])])
    let school = try DocumentContent.resume(
      #""education":{"qualification":"MSc","college":"TU","gpa":3.9,"honors":["One","Two"],"major":"Math","focus":null,"courses":["A"]}"#
    )
    #expect(
      school[0].items.first?.entry
        == SectionEntry(
          title: "MSc", organization: "TU",
          facts: [
            SectionFact(label: "Focus", values: ["Math"]), SectionFact(label: "GPA", values: ["3.9"]),
            SectionFact(label: "Honors", values: ["One", "Two"]), SectionFact(label: "Coursework", values: ["A"]),
          ]))
  }

  @Test("S1.27: of fifty positions with long lists nothing is lost")
  func fifty() throws {
    let positions = (0..<50).map { number in
      let points = (0..<20).map { #""point \#(number)-\#($0)""# }.joined(separator: ",")
      return #"{"title":"T\#(number)","achievements":[\#(points)]}"#
    }
    let sections = try DocumentContent.resume(#""experience":[\#(positions.joined(separator: ","))]"#)
    let entries = sections[0].items.compactMap(\.entry)
    #expect(entries.map(\.title) == (0..<50).map { "T\($0)" })
    #expect(entries.allSatisfy { $0.points.count == 20 })
  }

  @Test("Facts that are short share a line")
  func factLines() {
    let long = String(repeating: "x", count: 60)
    let facts = ["a", "b", long, "c"].map { SectionFact(label: "L", values: [$0]) }
    #expect(SectionEntry(facts: facts).factLines.map { $0.map { $0.values[0] } } == [["a", "b"], [long], ["c"]])
  }

  @Test("Content beyond the limits is refused")
  func limits() throws {
    let limits = ContentLimits(characters: 100, values: 10)
    let long = #"{"personalInfo":{"name":"\#(String(repeating: "x", count: 101))"}}"#
    let many = #"{"personalInfo":{"name":"x"},"skills":[1,2,3,4,5,6,7,8]}"#
    for json in [long, many] {
      let error = #expect(throws: DocumentError.self) { try DocumentContent.read(json, limits: limits) }
      #expect(error?.code == .tooLong)
    }
  }
}
