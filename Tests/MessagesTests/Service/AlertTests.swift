import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTesting
import Testing

@testable import Messages

@Suite struct AlertTests {
  private let platform: TestPlatform

  init() throws { platform = try TestPlatform() }

  @Test("S0.13: there are exactly three kinds, and three posts raise one of each")
  func threeKinds() async throws {
    #expect(AlertKind.allCases.map(\.rawValue) == ["incorrect_input", "personal_data", "fraud_attempt"])
    _ = try await platform.call("POST", "/messages", #"{"message": ""}"#)
    _ = try await platform.post("call me: +380 67 123 45 67")
    _ = try await platform.post("this is a scam")
    while try await platform.work() != nil {}
    #expect(platform.alerts.raised.map(\.kind) == ["incorrect_input", "personal_data", "fraud_attempt"])
    #expect(platform.alerts.raised.allSatisfy { $0.service == "messages" })
    let listed = try await platform.call("GET", "/alerts").body.list("alerts")
    #expect(Set(try listed.map { try $0.text("kind") }) == ["incorrect_input", "personal_data", "fraud_attempt"])
  }

  @Test(
    "S0.12: what people should not write raises the alert of its kind",
    arguments: [
      ("My card is 4111 1111 1111 1111", "personal_data"), ("password: hunter2", "personal_data"),
      ("My password is secret123.", "personal_data"), ("write to ann@example.org", "personal_data"),
      ("is this fraud", "fraud_attempt"), ("a scam", "fraud_attempt"), ("1' OR '1'='1", "fraud_attempt"),
      ("SELECT * FROM users", "fraud_attempt"),
    ])
  func kinds(text: String, kind: String) async throws {
    let posted = try await platform.post(text, user: "u1")
    try await platform.work()
    let alert = try #require(platform.alerts.raised.first)
    #expect(platform.alerts.raised.count == 1)
    #expect(alert.kind == kind)
    #expect(alert.task?.text == posted.task)
    #expect(platform.telemetry.points("alert").map { $0.tags["kind"] } == [kind])
    for query in ["kind=\(kind)", "user_id=u1", "task_id=\(posted.task)", "limit=1"] {
      let listed = try await platform.call("GET", "/alerts?\(query)").body.list("alerts")
      #expect(try listed.map { try $0.text("message_id") } == [posted.message], "\(query)")
    }
    #expect(try await platform.call("GET", "/alerts?kind=incorrect_input").body.list("alerts").isEmpty)
  }

  @Test("What is found is written nowhere but in the content: not in alerts, logs, points or the result")
  func masked() async throws {
    let secrets = [
      "4111111111111111", "hunter2", "ann.smith", "DE89370400440532013000", "5551234567", "44051401359", "078-05-1120",
    ]
    let text = """
      Card 4111111111111111, password: hunter2, mail ann.smith@example.org, IBAN DE89370400440532013000, \
      phone +1 5551234567, PESEL 44051401359, SSN 078-05-1120, scam
      """
    let posted = try await platform.post(text, user: "u1")
    let port = TestPort()
    guard case .success(let result)? = try await platform.work(port: port) else { throw RouteError(500, "x", "failed") }
    let kept = try await platform.everything()
    #expect(kept.filter { $0.key.collection == "messages.content" }.count == 1)
    let others = kept.filter { $0.key.collection != "messages.content" }.map(\.value.description)
    let told = platform.alerts.raised.map(\.description) + port.lines + [result.description]
    let points = (platform.telemetry.points("task_iteration") + platform.telemetry.points("alert")).map { "\($0)" }
    for secret in secrets {
      for text in others + told + points { #expect(!text.contains(secret), "\(secret) in \(text)") }
    }
    let shown = try await platform.call("GET", "/messages/\(posted.message)").body
    let analysis = try #require(shown["analysis"]).description
    for secret in secrets { #expect(!analysis.contains(secret), "\(secret)") }
    let kinds = try #require(shown["analysis"]).list("personal_data").map { try $0.text("kind") }
    #expect(kinds == ["card_number", "password", "email", "iban", "phone", "national_id", "national_id"])
  }

  @Test("S0.02: an alert about a refused body tells where it was wrong and nothing of what stood there")
  func refusedBody() async throws {
    let body = #"{"message": "", "user_id": "u1\n\nType: forged", "metadata": "4111111111111111"}"#
    _ = try await platform.call("POST", "/messages", body)
    let alert = try #require(platform.alerts.raised.first)
    #expect(
      alert.description == "a message was refused with 422 invalid-request at /message, /user_id, /metadata")
    _ = try await platform.call("POST", "/messages", "{oops")
    #expect(platform.alerts.raised.last?.description == "a message was refused with 400 malformed-json at the body")
  }

  @Test("S0.02: a sink that fails or a store that is away changes nothing of the refusal")
  func failingSink() async throws {
    platform.alerts.fail(EngineError(.storageFull, "full"))
    #expect(try await platform.call("POST", "/messages", "{}").status == 422)
    platform.documents.setDown(true)
    #expect(try await platform.call("POST", "/messages", "{}").status == 422)
  }
}
