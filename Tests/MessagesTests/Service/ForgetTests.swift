import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Messages

@Suite struct ForgetTests {
  private static let week = Duration.seconds(7 * 86_400)

  private func filled(_ platform: TestPlatform) async throws {
    for number in 0..<30 { _ = try await platform.post("scam number \(number)", user: "u\(number % 2)") }
    _ = try await platform.call("POST", "/messages", #"{"message": "", "user_id": "u0"}"#)
    while try await platform.work() != nil {}
  }

  @Test("What is older than its retention goes, all of it; what is younger and what is counted stays")
  func old() async throws {
    let platform = try TestPlatform(["messages.retention": .duration(Self.week)])
    try await filled(platform)
    platform.time.advance(by: Self.week)
    let young = try await platform.post("another scam", user: "u0")
    try await platform.work()
    let before = try await platform.everything()
    #expect(try await platform.forget() == .success(try RawJSON(validating: #"{"messages":0,"logs":0,"alerts":0}"#)))
    #expect(try await platform.everything() == before)
    platform.time.advance(by: .seconds(1))
    #expect(
      try await platform.forget() == .success(try RawJSON(validating: #"{"messages":30,"logs":180,"alerts":31}"#)))
    let kept = try await platform.everything().keys.filter { $0.collection != "messages.user" }
    // The row, its mark, status and content, two places in lists, six log entries at three names, an alert at five.
    #expect(kept.count == 29)
    #expect(try await platform.call("GET", "/messages/\(young.message)").body.text("content") == "another scam")
    #expect(try await platform.call("GET", "/users/u0").body.number("messages") == 16)
    #expect(try await platform.call("GET", "/users/u1").body.list("recent_alerts").isEmpty)
  }

  @Test("An interrupted clean-up is made good by the next", arguments: [1, 4, 6])
  func interrupted(write: Int) async throws {
    let platform = try TestPlatform(["messages.retention": .duration(Self.week)])
    try await filled(platform)
    platform.time.advance(by: Self.week + .seconds(1))
    platform.documents.failWrites([write])
    guard case .retry? = try await platform.forget() else { throw RouteError(500, "x", "no retry") }
    platform.time.advance(by: .seconds(600))
    guard case .success? = try await platform.work() else { throw RouteError(500, "x", "no success") }
    #expect(Set(try await platform.everything().keys.map(\.collection)) == ["messages.user"])
  }

  @Test("Without a retention everything is kept")
  func forEver() async throws {
    let platform = try TestPlatform()
    try await filled(platform)
    platform.time.advance(by: .seconds(86_400 * 3650))
    let before = try await platform.everything()
    guard case .success? = try await platform.forget() else { throw RouteError(500, "x", "no success") }
    #expect(try await platform.everything() == before)
  }

  @Test("A task whose message is forgotten writes nothing")
  func waitingTask() async throws {
    let platform = try TestPlatform(["messages.retention": .duration(Self.week)])
    _ = try await platform.post("scam")
    platform.time.advance(by: Self.week + .seconds(1))
    let delivery = try #require(try await platform.deliver())
    guard case .success? = try await platform.forget() else { throw RouteError(500, "x", "no success") }
    guard case .failure = await platform.run(delivery) else { throw RouteError(500, "x", "it did not fail") }
    #expect(try await platform.everything().isEmpty)
    #expect(platform.alerts.raised.isEmpty)
  }

  @Test("The scheduler asks for it every hour")
  func schedule() throws {
    let entry = try #require(MessagesService().schedules.first)
    #expect(entry.task == "messages.forget")
    #expect(entry.schedule == .interval(seconds: 3600))
    #expect(entry.queue == "messages")
  }
}
