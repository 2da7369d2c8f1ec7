import Testing

@testable import CelerityGateway

@Suite struct AcceptFieldTests {
  private static let offers = [
    AcceptField.Offer(mediaType: "application/json"),
    AcceptField.Offer(mediaType: "application/openmetrics-text", version: "1.0.0"),
    AcceptField.Offer(mediaType: "text/plain", version: "0.0.4"),
  ]

  @Test(
    "The form that a client likes best is chosen",
    arguments: [
      (nil, 0), ("", 0), ("*/*", 0), ("text/plain", 2), ("TEXT/Plain", 2), ("text/*", 2), ("text/html", 0),
      ("application/openmetrics-text", 1), ("application/*", 0), ("application/json;q=0.1, */*;q=0.5", 1),
      ("text/plain;q=0, */*", 0), ("application/json;q=0, text/plain;q=0.001", 2), ("text/plain;q=2", 0),
      ("text/plain;q=x,application/openmetrics-text", 1), ("a/b/c, /, text/, ;q=1, text/plain", 2),
      // Prometheus 2.42 and 3.
      (
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
          + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", 1
      ),
      ("text/plain;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.4,*/*;q=0.1", 2),
      ("application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5", 2),
      // A browser.
      ("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", 0),
    ] as [(String?, Int)])
  func best(_ field: String?, _ index: Int) {
    #expect(AcceptField(field).best(of: Self.offers) == index)
  }
}
