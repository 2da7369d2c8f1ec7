import Testing

@testable import Documents

struct SectionTests {
  @Test("S1: every name of a section leads to it, in any spelling", arguments: SectionPlan.all)
  func names(plan: SectionPlan) throws {
    for key in plan.keys {
      for spelling in [key, key.prefix(1) + "_" + key.dropFirst(), key.uppercased()] {
        let sections = try DocumentContent.resume(#""\#(spelling)":["one thing"]"#)
        #expect(sections.map(\.heading) == [plan.heading])
        #expect(sections.first?.items.flatMap(\.texts) == ["one thing"])
      }
    }
  }

  @Test("S1: techSkills and tech_skills are different sections")
  func techSkills() throws {
    let sections = try DocumentContent.resume(#""tech_skills":["a"],"techSkills":["b"],"technologies":["c"]"#)
    #expect(sections.map(\.kind) == [.technicalSkills, .technologies])
    #expect(sections.map { $0.items.flatMap(\.texts) } == [["b"], ["a", "c"]])
  }

  @Test("S1: sections stand in the order of their table, whatever order the data has")
  func order() throws {
    let members = SectionPlan.all.reversed().map { #""\#($0.keys[0])":["x"]"# }.joined(separator: ",")
    let kinds = try DocumentContent.resume(members).map(\.kind)
    #expect(kinds == SectionKind.allCases.filter { $0 != .technicalSkills && $0 != .other })
  }

  @Test("S1: competencies and technical skills are one section when both are there")
  func mergedSkills() throws {
    let sections = try DocumentContent.resume(#""technicalSkills":{"Languages":["Swift"]},"keySkills":["Calm"]"#)
    #expect(sections.map(\.heading) == ["Core Competencies & Technical Skills"])
    #expect(
      sections[0].items == [.row(["Calm"]), .fact(SectionFact(label: "Languages", values: ["Swift"]))])
  }

  @Test(
    "C1.17: skills of every shape are printed",
    arguments: [
      (#"["Swift","C"]"#, [SectionItem.row(["Swift", "C"])]),
      (#"{"webTools":["a","b"],"C++ & Co":"c"}"#, [fact("Web Tools", "a", "b"), fact("C++ & Co", "c")]),
      (
        #"[{"category":"Tools","skills":["vim"]},{"name":"Clouds","items":["AWS"]}]"#,
        [fact("Tools", "vim"), fact("Clouds", "AWS")]
      ),
      (
        #"[{"type":"Shells","technologies":["zsh"],"years":3},"bare"]"#,
        [fact("Shells", "zsh", "Years: 3"), .row(["bare"])]
      ),
      (#""Swift and C""#, [.paragraph("Swift and C")]),
      (#"[["nested"],[["deep"]],7,true,null,"",{}]"#, [.row(["nested", "deep", "7", "Yes"])]),
    ])
  func skills(json: String, items: [SectionItem]) throws {
    let sections = try DocumentContent.resume(#""skills":\#(json)"#)
    #expect(sections.map(\.kind) == [.technologies])
    #expect(sections[0].items == items)
  }

  @Test("S1: certificates by category keep what they are given with")
  func certificates() throws {
    let sections = try DocumentContent.resume(
      #""licenses":{"Cloud":["A","B"],"Net":[{"certification":"CCNA","href":"https://c.example","issuer":"Cisco","date":"2020","expiry":"2023","credential_id":"7"}]}"#
    )
    let entry = SectionEntry(
      title: "CCNA", dates: "2020", organization: "Cisco", url: "https://c.example",
      facts: [SectionFact(label: "Expires", values: ["2023"]), SectionFact(label: "Credential ID", values: ["7"])])
    #expect(sections[0].items == [fact("Cloud", "A", "B"), .label("Net"), .entry(entry)])
  }

  @Test("S1: names of certificates look like the others of the list")
  func mixedCertificates() throws {
    let sections = try DocumentContent.resume(#""certifications":["A",{"name":"B","issuer":"C"}]"#)
    #expect(
      sections[0].items == [.entry(SectionEntry(title: "A")), .entry(SectionEntry(title: "B", organization: "C"))])
  }

  @Test("S1: languages stand in a row with what is known of them")
  func languages() throws {
    let sections = try DocumentContent.resume(
      #""languages":[{"language":"Polish","proficiency":"native"},"English",{"language":"Czech"}]"#)
    #expect(sections[0].items == [.row(["Polish (native)", "English", "Czech"])])
  }

  @Test("S1: references are a text, a list, or a promise")
  func references() throws {
    #expect(
      try DocumentContent.resume(#""referencesAvailable":"Ask me""#)[0].items == [.paragraph("Ask me")])
    #expect(
      try DocumentContent.resume(#""referencesAvailable":true"#)[0].items == [.paragraph("Available on request.")])
    #expect(try DocumentContent.resume(#""referencesAvailable":false"#).isEmpty)
    let people = try DocumentContent.resume(#""references":[{"name":"Al","title":"CEO","company":"Y","phone":"123"}]"#)
    #expect(people[0].items.flatMap(\.texts) == ["Al", "CEO", "Company", "Y", "Phone", "123"])
  }

  @Test("C1.18: a section nobody knows is printed after the others under its name")
  func unknown() throws {
    let sections = try DocumentContent.resume(#""boardGames":["Go"],"education":[{"degree":"MSc"}]"#)
    #expect(sections.map(\.heading) == ["Education", "Board Games"])
  }

  @Test("C1.17: sections without content are not printed", arguments: ["[]", "{}", "null", #""""#, #"[""]"#, "[{}]"])
  func empty(json: String) throws {
    #expect(try DocumentContent.resume(#""experience":\#(json)"#).isEmpty)
  }
}

private func fact(_ label: String, _ values: String...) -> SectionItem {
  .fact(SectionFact(label: label, values: values))
}
