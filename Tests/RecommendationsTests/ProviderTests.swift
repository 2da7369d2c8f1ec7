import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Testing

@testable import Recommendations

/// A message that asks for songs.
func message(_ kwargs: String = #"{"song": "Yesterday"}"#, retries: Int = 0) throws -> TaskMessage {
  TaskMessage(
    id: TaskID(stored: "r"), task: RecommendSongs.name, kwargs: try RawJSON(validating: kwargs), retries: retries)
}

/// What a model writes, in the answer of an API.
func chat(_ content: String) -> WebResponse {
  let body = RawJSON.object([
    ("id", .string("x")),
    (
      "choices",
      .array([.object([("message", .object([("role", .string("assistant")), ("content", .string(content))]))])])
    ),
  ])
  return WebResponse(status: 200, body: body.bytes)
}

private let key = "sk-test-0123456789"
private let songs =
  #"{"recommendations": [{"artist": "A", "title": "One", "reason": "r"}, {"artist": "B", "title": "Two"}, {"artist": "C", "title": "Three"}]}"#

@Suite struct ProviderTests {
  private func platform(
    _ more: [String: AnyServiceSettingValue] = [:], _ script: @escaping ScriptedWeb.Script
  ) -> TestPlatform {
    let settings: [String: AnyServiceSettingValue] = [
      RecommendationsService.providerURL.name: .text("https://api.example/v1/"),
      RecommendationsService.providerKey.name: .text(key), RecommendationsService.providerModel.name: .text("m"),
    ]
    return TestPlatform(settings.merging(more) { $1 }, web: script)
  }

  /// The failure of an attempt, and what is asked to wait for before the next, if there is to be one.
  private func failure(_ platform: TestPlatform, retries: Int = 0) async throws -> (TaskFailure, Duration?) {
    let error = await #expect(throws: (any Error).self) { try await platform.run(message(retries: retries)) }
    let retry = error as? Retry
    let failure = try retry?.failure ?? TaskFailure(describing: #require(error))
    var random = SeededRandom(seed: 1)
    let delay = RecommendSongs.options.retry.delay(
      after: failure, retries: retries, serverDelay: retry?.delay, using: &random)
    // Whatever was said, nobody was told the key.
    #expect(!"\(failure)".contains(key))
    #expect(!platform.telemetry.points.contains { "\($0)".contains(key) })
    return (failure, delay)
  }

  @Test("The provider is asked with its model and key, and its songs are the result")
  func asked() async throws {
    let platform = platform { _, _ in chat(songs) }
    let result = try await platform.run(message())
    #expect(try result.text("source") == "provider")
    let names = try #require(result["recommendations"]?.elements()).map { try $0.text("title") }
    #expect(names == ["One", "Two", "Three"])
    let request = try #require(platform.web.requests.first)
    #expect(request.method == "POST")
    #expect(request.url == "https://api.example/v1/chat/completions")
    #expect(request.headers.contains { $0.name == "Authorization" && $0.value == "Bearer \(key)" })
    #expect(request.timeout == .seconds(30))
    let body = try RawJSON(validating: request.body)
    #expect(body["model"] == .string("m"))
    let messages = try #require(body["messages"]?.elements())
    #expect(try messages.map { try $0.text("role") } == ["system", "user"])
    // What the user wrote is in no message but his own.
    #expect(try messages[1].text("content") == "Yesterday")
  }

  @Test(
    "S2.09: a key that is refused fails the task at once, with the reason and without the key",
    arguments: [
      (401, #"{"error": {"message": "Incorrect API key provided: sk-test-0123456789", "code": "invalid_api_key"}}"#),
      (403, #"{"error": {"code": "sk-test-0123456789", "message": "no"}}"#), (401, "no JSON, sk-test-0123456789"),
    ])
  func badKey(status: Int, body: String) async throws {
    let platform = platform { _, _ in WebResponse(status: status, body: Array(body.utf8)) }
    let (failure, delay) = try await failure(platform)
    #expect(delay == nil)
    #expect(failure.type == "ProviderRefused")
    #expect(failure.message.hasPrefix("the provider refuses the API key (HTTP \(status)"))
    #expect(failure.message.contains("invalid_api_key") == body.contains("invalid_api_key"))
    #expect(platform.telemetry.points.last?.fields["status"] == .text("Failed"))
  }

  @Test(
    "S2.09: a provider that may answer later is asked again, and then the task fails with the reason",
    arguments: [429, 500, 502, 503, 408])
  func later(status: Int) async throws {
    let platform = platform { _, _ in WebResponse(status: status) }
    var delays: [Duration] = []
    for retries in 0...3 {
      let (failure, delay) = try await failure(platform, retries: retries)
      #expect(failure.message == "the provider can't answer now (HTTP \(status))")
      #expect((delay != nil) == (retries < 3))
      if let delay { delays.append(delay) }
      let word = retries < 3 ? "Retrying" : "Failed"
      #expect(platform.telemetry.points.last?.fields["status"] == .text(word))
    }
    #expect(delays == [delays[0], delays[0] * 2, delays[0] * 4])
    #expect((.milliseconds(500)...(.seconds(1))).contains(delays[0]))
  }

  @Test("The time that a provider asks to wait is waited, but not for ever", arguments: [("7", 7), ("90000", 600)])
  func retryAfter(text: String, seconds: Int) async throws {
    let platform = platform { _, _ in WebResponse(status: 429, headers: [("retry-after", text)]) }
    #expect(try await failure(platform).1 == .seconds(seconds))
  }

  @Test("A used-up quota is not waited for")
  func quota() async throws {
    let platform = platform { _, _ in
      WebResponse(status: 429, body: Array(#"{"error": {"code": "insufficient_quota"}}"#.utf8))
    }
    #expect(try await failure(platform).1 == nil)
  }

  @Test(
    "S2.09: a provider that is out of reach or too slow is asked again",
    arguments: [WebError.Code.unreachable, .timedOut, .tooLong])
  func unreachable(code: WebError.Code) async throws {
    let platform = platform { _, _ in throw WebError(code, "https://\(key)@secret") }
    #expect(try await failure(platform).1 != nil)
  }

  @Test(
    "An answer without songs is no result, and is asked for again",
    arguments: [
      "", "I can't do that.", "{}", "[]", #"{"recommendations": "none"}"#, #"[{"artist": "A", "title": "One"}]"#,
      #"[{"artist": "A"}, {"title": "b"}, 5, null]"#,
      #"[{"artist": "A", "title": "One"}, {"artist": "a", "title": "ONE"}, {"artist": "The Beatles", "title": "Yesterday"}]"#,
    ])
  func noSongs(content: String) async throws {
    let platform = platform { _, _ in chat(content) }
    let (failure, delay) = try await failure(platform)
    #expect(failure.type == "ProviderAnswerError")
    #expect(delay != nil)
  }

  @Test(
    "An answer that is none of an API is no result",
    arguments: ["", "{}", #"{"choices": []}"#, "<html>", #"{"choices": [{"message": {"content": null}}]}"#])
  func noAnswer(body: String) async throws {
    let platform = platform { _, _ in WebResponse(status: 200, body: Array(body.utf8)) }
    #expect(try await failure(platform).0.type == "ProviderAnswerError")
  }

  @Test("Songs are found between other words, and held to a sensible length on one line")
  func dressed() async throws {
    let long = String(repeating: "x", count: 5000)
    let platform = platform { _, _ in
      chat("Of course:\n```json\n" + songs.replacing("\"One\"", with: #""One\n\u0007 \#(long)""#) + "\n```\nEnjoy!")
    }
    let result = try await platform.run(message())
    let titles = try #require(result["recommendations"]?.elements()).map { try $0.text("title") }
    #expect(titles.count == 3)
    #expect(titles[0].hasPrefix("One x") && titles[0].count == 200)
  }

  @Test(
    "A provider that is set up wrongly is not asked",
    arguments: [
      ("ftp://api.example", key), ("https://user:pw@api.example/v1", key), ("https://api.example/v1?a=b", key),
      ("https://api.example/v1", "sk-test-0123456789\r\nX-Other: 1"), ("https://api.example/v1", "sk-ключ"),
    ])
  func misconfigured(url: String, key: String) async throws {
    let platform = platform([
      RecommendationsService.providerURL.name: .text(url), RecommendationsService.providerKey.name: .text(key),
    ]) { _, _ in chat(songs) }
    let (failure, delay) = try await failure(platform)
    #expect(failure.type == "ProviderMisconfigured")
    #expect(delay == nil)
    #expect(platform.web.requests.isEmpty)
  }

  @Test("The key is a secret setting")
  func secret() {
    let secrets = RecommendationsService().settings.filter(\.isSecret).map(\.name)
    #expect(secrets == ["recommendations.provider_key"])
  }
}
