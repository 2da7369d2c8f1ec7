import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

@Suite struct NormalFormTests {
  @Test(
    "3.5: e-mail addresses",
    arguments: [
      ("a@example.com", true), ("first.last+tag@sub.example.co", true), ("jörg@müller.example", true),
      ("a@b", false), ("a@@b.co", false), ("@b.co", false), ("a@", false), ("a b@c.de", false), ("a@b..co", false),
      (".a@b.co", false), ("a@-b.co", false), ("a@b.c", false), ("a@b.co\n", false), ("<a@b.co>", false), ("", false),
    ])
  func email(text: String, isValid: Bool) {
    #expect(EmailAddress.isValid(text) == isValid)
  }

  @Test("3.5: an address is at most 254 bytes long, its name 64")
  func longEmail() {
    let name = String(repeating: "a", count: 64)
    #expect(EmailAddress.isValid("\(name)@example.com"))
    #expect(!EmailAddress.isValid("\(name)a@example.com"))
    let host = Array(repeating: String(repeating: "b", count: 60), count: 4).joined(separator: ".")
    #expect(!EmailAddress.isValid("\(name)@\(host).com"))
  }

  @Test(
    "3.5: phone numbers of 10, 11 and 7 digits, and those with a plus",
    arguments: [
      ("5551234567", "(555) 123-4567"), ("555.123.4567", "(555) 123-4567"), ("(555) 123 4567", "(555) 123-4567"),
      ("1-555-123-4567", "+1 (555) 123-4567"), ("+1 555 123 4567", "+1 (555) 123-4567"), ("123 4567", "123-4567"),
      ("+49 30 123456", "+49 30 123456"), ("+12345678", "+12345678"), ("+1234567", nil), ("12345", nil),
      ("123456789012", nil), ("+1234567890123456", nil), ("555-CALL-NOW", nil), ("", nil), ("٥٥٥١٢٣٤٥٦٧", nil),
    ])
  func phone(text: String, expected: String?) {
    #expect(PhoneNumber.normalised(text) == expected)
  }

  @Test(
    "3.5: addresses on the web get https",
    arguments: [
      ("example.com", "https://example.com"), ("http://example.com/a?b#c", "http://example.com/a?b#c"),
      ("HTTPS://Example.com", "https://Example.com"), ("example.com:8080/x", "https://example.com:8080/x"),
      ("müller.example", "https://müller.example"), ("janedoe", nil), ("javascript:alert(1)", nil),
      ("ftp://example.com", nil), ("https://user:pw@example.com", nil), ("exa mple.com", nil), ("example.com/\"", nil),
      ("example.com:x", nil), ("https://", nil), ("", nil), ("a..b", nil),
    ])
  func web(text: String, expected: String?) {
    #expect(WebAddress.normalised(text) == expected)
  }

  @Test(
    "3.5: the dates that are standard, and the others that can be read",
    arguments: [
      ("2021-06", true, "2021-06"), ("06-2021", true, "2021-06"), ("2021-06-30", true, "2021-06-30"),
      ("06-30-2021", true, "2021-06-30"), ("Present", true, "Present"), ("present", true, "Present"),
      ("2024-02-29", true, "2024-02-29"), ("2021", false, "2021"), ("6/2021", false, "2021-06"),
      ("6/3/2021", false, "2021-06-03"), ("June 2021", false, "2021-06"), ("jun. 2021", false, "2021-06"),
      ("June 3, 2021", false, "2021-06-03"), ("Ongoing", false, "Present"), ("current", false, "Present"),
      ("NOW", false, "Present"), ("2021-6", false, nil), ("2021-13", false, nil), ("2021-00", false, nil),
      ("2023-02-29", false, nil), ("30-06-2021", false, nil), ("21-06", false, nil), ("Ju 2021", false, nil),
      ("2021-06-30T00:00", false, nil), ("soon", false, nil), ("", false, nil), ("0001-01", false, nil),
    ])
  func dates(text: String, isStandard: Bool, expected: String?) {
    #expect(DocumentDate.isStandard(text) == isStandard)
    #expect(DocumentDate.normalised(text) == expected)
  }

  @Test(
    "3.5: a date as an object",
    arguments: [
      (#"{"year":2021}"#, "2021"), (#"{"year":"2021","month":"6"}"#, "2021-06"),
      (#"{"year":2021,"month":6,"day":3}"#, "2021-06-03"), (#"{"month":6}"#, nil), (#"{"year":2021,"day":3}"#, nil),
      (#"{"year":2021,"month":"June"}"#, nil), (#"{"year":2021,"month":null}"#, "2021"), (#"{"year":1.5}"#, nil),
    ])
  func object(text: String, expected: String?) throws {
    #expect(DocumentDate.normalised(JSONTree(try RawJSON(validating: text))) == expected)
  }

  @Test("3.5: a clean text has no hidden characters; letters of all scripts and emoji stay")
  func clean() {
    #expect(CleanText.cleaned(" a\u{0}\u{7}\u{200B}b\r\nc\rd\u{2028}e\tf\u{FEFF} \n") == "ab\nc\nd\ne\tf")
    #expect(CleanText.cleaned("é ł Ж 中 👩‍💻 نص") == "é ł Ж 中 👩‍💻 نص")
    #expect(CleanText.cleaned("  \n") == "")
    #expect(CleanText.cleaned("x") == "x")
  }

  @Test(
    "Only texts in which nothing is to be done are taken as they stand",
    arguments: [
      "", " ", "a ", " a", "a  b", "a\tb", "a\nb", "a\u{7F}", "a\u{0}", "\u{200B}a", "ü", "e\u{301}", "中",
    ])
  func notPlain(_ text: String) {
    #expect(!CleanText.isPlain(text))
    #expect(PrintedText.line(text) == PrintedText.cleaned(text).split { $0.isWhitespace }.joined(separator: " "))
  }

  @Test("Printable ASCII with single spaces is")
  func plain() {
    let text = "Staff Engineer, 40 % ~ {x} \\ & more"
    #expect(CleanText.isPlain(text))
    #expect(CleanText.cleaned(text + "\u{200B}") == text)
    #expect(PrintedText.line(text) == text)
  }
}
