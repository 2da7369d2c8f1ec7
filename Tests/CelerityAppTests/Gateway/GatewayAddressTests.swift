import CelerityCore
import Testing

@testable import CelerityApp

@Suite("The address of a gateway")
struct GatewayAddressTests {
  static let good: [(String, String, Bool)] = [
    ("http://127.0.0.1:8000", "http://127.0.0.1:8000", true), ("localhost:9", "http://localhost:9", true),
    ("https://tasks.example.org/", "https://tasks.example.org", false),
    ("HTTP://example.org/queue/", "http://example.org/queue", false), ("[::1]:8000", "http://[::1]:8000", true),
  ]

  @Test("may be a URL, a host and port, and have a path to be mounted under", arguments: good)
  func accepted(text: String, base: String, isLocal: Bool) throws {
    let address = try GatewayAddress(text)
    #expect(address.base == base)
    #expect(address.isLocal == isLocal)
  }

  @Test(
    "is refused with the reason",
    arguments: [
      "", "http://", "ftp://x", "http://user:secret@host", "http://host:port", "http://host:0", "http://host:70000",
      "http://host/?q=1", "http://host#x", "http://ho st", "http://h\r\nX: y", "http://münchen.de", "http://[::1",
    ])
  func refused(text: String) {
    let error = #expect(throws: ClientError.self) { try GatewayAddress(text) }
    #expect(error?.status == .usage)
    #expect(error?.cause != nil)
    #expect(error?.hint != nil)
  }

  @Test(
    "that is nearly one is answered with the one that was meant",
    arguments: [
      ("8010", "http://127.0.0.1:8010"), ("http://localhost:8000/v1", "http://localhost:8000"),
      ("localhost:8000/v1/", "http://localhost:8000"), ("https://x.example/queue/v1", "https://x.example/queue"),
    ])
  func meant(text: String, url: String) {
    let error = #expect(throws: ClientError.self) { try GatewayAddress(text) }
    #expect(error?.hint == "celerity … --url \(url)")
    let set = #expect(throws: ClientError.self) { try GatewayAddress(text, from: .variable) }
    #expect(set?.hint == "export CELERITY_URL=\(url)")
    #expect(set?.cause?.contains("CELERITY_URL") == true)
  }

  @Test("segments and values are escaped, so that no id can become another path")
  func escaping() {
    #expect("../a b?#%ü".percentEncoded == "..%2Fa%20b%3F%23%25%C3%BC")
    #expect(GatewayRequest.get("/x", query: [("q", "a&b=c+d")]).target == "/x?q=a%26b%3Dc%2Bd")
  }
}
