import CelerityCore
import CelerityTesting
import Testing

@testable import CelerityApp

@Suite(.timeLimit(.minutes(2)))
struct WebPlaceTests {
  @Test(
    "A place tells the host and nothing else",
    arguments: [
      ("http://h/secret?token=x", "h"), ("https://h:8443?a=b", "h:8443"), ("HTTP://[::1]:80/x#y", "[::1]:80"),
    ])
  func place(_ url: String, _ shown: String) throws {
    #expect(try WebPlace(url).description == shown)
  }

  @Test(
    "What is no address is refused, and never repeated",
    arguments: [
      "", "h", "ftp://h/s3cret", "http:///s3cret", "http://:80/s3cret", "http://u:s3cret@h/", "http://h/ s3cret",
      "http://h/\r\ns3cret: x", "file:///s3cret",
    ])
  func refused(_ url: String) async throws {
    let error = await #expect(throws: WebError.self) { try await HTTPWebClient().send(WebRequest("GET", url)) }
    #expect(error?.code == .invalidURL)
    #expect(error?.message.contains("s3cret") == false)
  }

  @Test("Header fields that would end their line are refused")
  func fields() async throws {
    for field in [("X-A", "a\r\nX-B: b"), ("X A", "a"), ("X:A", "a"), ("", "a"), ("X-A\n", "a")] {
      let request = WebRequest("GET", "http://127.0.0.1:9/", headers: [(name: field.0, value: field.1)])
      let error = await #expect(throws: WebError.self) { try await HTTPWebClient().send(request) }
      #expect(error?.code == .invalidURL)
    }
    let method = await #expect(throws: WebError.self) {
      try await HTTPWebClient().send(WebRequest("GET /x HTTP/1.1\r\n", "http://127.0.0.1:9/"))
    }
    #expect(method?.code == .invalidURL)
  }
}
