import CelerityCore
import Testing

@testable import CelerityGateway

@Suite("The Date field")
struct DateFieldTests {
  @Test(
    "is written as RFC 9110 says",
    arguments: [
      ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
      ("1994-11-06T08:49:37.9Z", "Sun, 06 Nov 1994 08:49:37 GMT"),
      ("2026-11-21T06:35:54Z", "Sat, 21 Nov 2026 06:35:54 GMT"),
      ("2028-02-29T23:59:59Z", "Tue, 29 Feb 2028 23:59:59 GMT"),
    ])
  func text(_ moment: String, _ expected: String) throws {
    #expect(DateField.text(try #require(Timestamp(moment))) == expected)
  }
}
