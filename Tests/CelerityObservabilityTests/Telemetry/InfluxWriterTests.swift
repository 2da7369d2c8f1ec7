import CelerityCore
import CelerityTesting
import Testing

@testable import CelerityObservability

@Suite(.timeLimit(.minutes(2)))
struct InfluxWriterTests {
  private let point = TelemetryPoint("m", fields: ["x": .integer(1)], time: Timestamp(microseconds: 7))

  @Test func `version 1 takes a database and basic credentials`() async throws {
    let web = StubWeb([.success(WebResponse(status: 204))])
    let writer = InfluxWriter("http://h:8086/", .database("my db&x=1"), token: "user:päss", web: web)
    #expect(await writer.write([point]) == .written)
    let request = try #require(web.requests.first)
    #expect(request.url == "http://h:8086/write?db=my%20db%26x%3D1")
    #expect(request.headers.contains { $0.name == "Authorization" && $0.value == "Basic dXNlcjpww6Rzcw==" })
    #expect(String(decoding: request.body, as: UTF8.self) == "m x=1i 7182\n")
  }

  @Test func `version 2 takes a bucket and a token`() async throws {
    let web = StubWeb([.success(WebResponse(status: 204))])
    let writer = InfluxWriter("http://h:8086", .bucket("logs", organisation: "my org"), token: "t", web: web)
    #expect(await writer.write([point]) == .written)
    let request = try #require(web.requests.first)
    #expect(request.url == "http://h:8086/api/v2/write?org=my%20org&bucket=logs")
    #expect(request.headers.contains { $0.name == "Authorization" && $0.value == "Token t" })
  }

  @Test func `what is wrong with the points is told apart from what may pass`() async {
    func outcome(_ result: Result<WebResponse, WebError>) async -> TelemetryOutcome {
      await InfluxWriter("http://h", .bucket("b", organisation: "o"), token: "", web: StubWeb([result])).write([point])
    }
    let body = Array(#"{"code":"invalid","message":"unable to parse"}"#.utf8)
    #expect(
      await outcome(.success(WebResponse(status: 400, body: body))) == .refused("it answered 400: unable to parse"))
    for status in [401, 404, 429, 500, 503] {
      #expect(await outcome(.success(WebResponse(status: status))) == .away("it answered \(status)"))
    }
    #expect(await outcome(.failure(WebError(.unreachable, "refused"))) == .away("refused"))
  }
}
