import Testing

@testable import Documents

struct PersonTests {
  @Test("S1.22: every way to reach somebody leads there")
  func contacts() throws {
    let person = try DocumentContent.read(
      #"""
      {"personalInfo":{"name":"Jane","headline":"Engineer","email":"jane@example.com","phone":"+49 (151) 23-4","location":"Berlin",
      "website":"example.com/~jane","website_display":"my page","linkedin":"linkedin.com/in/jane","github":"jane-d",
      "twitter":"@jane","x":"https://x.com/jane","portfolio":"https://p.example"}}
      """#
    ).person
    #expect(person.headline == "Engineer")
    #expect(
      person.contacts.map { [$0.text, $0.target ?? ""] } == [
        ["jane@example.com", "mailto:jane@example.com"], ["+49 (151) 23-4", "tel:+49151234"], ["Berlin", ""],
        ["my page", "https://example.com/~jane"], ["linkedin.com/in/jane", "https://linkedin.com/in/jane"],
        ["GitHub: jane-d", "https://github.com/jane-d"], ["Twitter: @jane", "https://twitter.com/jane"],
        ["https://x.com/jane", "https://x.com/jane"], ["https://p.example", "https://p.example"],
      ])
  }

  @Test(
    "S1.22: an address that is none, or of another kind, becomes no link",
    arguments: [
      "javascript:alert(1)", "file:///etc/passwd", "https://", "https://a", "http://user:pw@host.example/",
      "ftp://a.example",
      "https://a b.example/", "https://exa\\mple.com", "a..b", "run:x", #"https://{x}.example"#,
    ])
  func noLinks(text: String) {
    #expect(LinkTarget.web(text) == nil)
  }

  @Test("S1.22: what could end an address where it is written is percent-encoded")
  func encoded() {
    #expect(
      LinkTarget.web(#"https://a.example/x)>>{}\ ^"é%20~_#?&="#)
        == "https://a.example/x%29%3E%3E%7B%7D%5C%20%5E%22%C3%A9%20~_#?&=")
    #expect(LinkTarget.mail("a?b=c@d.example") == "mailto:a%3Fb=c@d.example")
    #expect(LinkTarget.mail("a@b@c.example") == nil)
    #expect(LinkTarget.mail(#"a)}\@c.example"#) == "mailto:a%29%7D%5C@c.example")
    #expect(LinkTarget.telephone("ext") == nil)
    #expect(LinkTarget.profile("a/b\\", at: "x.com") == nil)
  }

  @Test(
    "Names of fields are labels for people",
    arguments: [
      ("programmingLanguages", "Programming Languages"), ("tech_stack", "Tech Stack"), ("AWS", "AWS"),
      ("C++ & Co", "C++ & Co"),
      ("iOS 17", "iOS 17"), ("web", "Web"), ("gpa4", "Gpa4"), ("", ""),
    ])
  func labels(name: String, label: String) {
    #expect(FieldName.label(name) == label)
  }

  @Test("Accents are joined with their letters, what nobody sees is left out")
  func cleaned() {
    #expect(PrintedText.line("  e\u{301}\u{202E}x\u{0}\n\ty\u{A0}z ") == "éx y\u{A0}z")
    #expect(PrintedText.lines("a\r\n\r\n b \u{2028}c") == ["a", "b", "c"])
  }
}
