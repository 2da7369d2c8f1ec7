import CelerityCore
import CelerityTesting
import Foundation
import Logging
import Testing

@testable import CelerityObservability

/// A desk over a folder of its own and a store in memory.
private struct Bench {
  let root = FileManager.default.temporaryDirectory.path + "/celerity-alerts-\(UUID().uuidString)"
  let store = MemoryStore()
  let desk: AlertDesk
  var folder: String { root + "/error_reports" }

  init(bound: Int = 10_000, webhook: AlertWebhook? = nil) {
    desk = AlertDesk(
      folder: root + "/error_reports", documents: store, tenant: .default, bound: bound, webhook: webhook,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

  func text(_ file: String) throws -> String { try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8) }

  func remove() { try? FileManager.default.removeItem(atPath: root) }
}

/// 2026-11-21T05:00:00Z
private let moment = Timestamp(seconds: 1_795_237_200)

private func alert(_ description: String, kind: String = "Fraud attempt", after seconds: Int = 0) -> Alert {
  Alert(
    kind, description, service: "recommendations", task: TaskID("t1"), time: moment + .seconds(seconds))
}

@Suite(.timeLimit(.minutes(2)))
struct AlertDeskTests {
  @Test func `an alert has a file of its own and is found in the store`() async throws {
    let bench = Bench()
    defer { bench.remove() }
    try await bench.desk.raise(alert("role 'user' asked for a recommendation"))
    #expect(bench.files == ["fraud_attempt_2026-11-21_05-00-00.txt"])
    #expect(
      try bench.text(bench.files[0]) == """
        Time: 2026-11-21T05:00:00.000000Z
        Alert Type: Fraud attempt
        Description: role 'user' asked for a recommendation
        Service: recommendations
        Task: t1

        """)
    #expect(
      try await bench.desk.alerts(kind: nil, limit: 10) == [alert("role 'user' asked for a recommendation")])
  }

  @Test func `many in one moment overwrite nothing`() async throws {
    let bench = Bench()
    defer { bench.remove() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<200 { group.addTask { try await bench.desk.raise(alert("number \(index)")) } }
      try await group.waitForAll()
    }
    #expect(bench.files.count == 200)
    #expect(bench.files.allSatisfy { $0.hasPrefix("fraud_attempt_2026-11-21_05-00-00") && $0.hasSuffix(".txt") })
    let told = Set(try bench.files.map { try bench.text($0).split(separator: "\n")[2] })
    #expect(told == Set((0..<200).map { "Description: number \($0)" }))
    #expect(try await bench.desk.alerts(kind: nil, limit: 1000).count == 200)
  }

  @Test(arguments: [
    "x\nAlert Type: none", "x\r\nAlert Type: none", "x\u{2028}Alert Type: none", "x\u{85}Alert Type: none",
    "x\u{B}y", "\u{202E}txet", "a\0b",
  ])
  func `no input makes a line of its own`(_ input: String) async throws {
    let bench = Bench()
    defer { bench.remove() }
    var forged = alert(input, kind: input)
    forged.service = input
    forged.task = TaskID(stored: input)
    try await bench.desk.raise(forged)
    let text = try bench.text(bench.files[0])
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    #expect(lines.map { $0.prefix { $0 != ":" } } == ["Time", "Alert Type", "Description", "Service", "Task", ""])
    #expect(!text.unicodeScalars.contains { $0 != "\n" && ($0.value < 0x20 || $0.value == 0x202E) })
    #expect(try await bench.desk.alerts(kind: nil, limit: 1)[0].kind == forged.onOneLine.kind)
  }

  @Test(arguments: ["../../etc/passwd", "", "...", "Überfall/\0", String(repeating: "x", count: 500)])
  func `a kind names a file, never a path`(_ kind: String) async throws {
    let bench = Bench()
    defer { bench.remove() }
    try await bench.desk.raise(alert("x", kind: kind))
    let name = try #require(bench.files.first)
    #expect(name.utf8.allSatisfy { $0 < 0x80 } && !name.hasPrefix(".") && name.count < 100)
  }

  @Test func `the folder is made again when somebody has removed it`() async throws {
    let bench = Bench()
    defer { bench.remove() }
    try await bench.desk.raise(alert("one"))
    try FileManager.default.removeItem(atPath: bench.root)
    try await bench.desk.raise(alert("two"))
    #expect(bench.files.count == 1)
  }

  @Test func `alerts come newest first, of a kind, as many as are asked for`() async throws {
    let bench = Bench()
    defer { bench.remove() }
    for index in 0..<10 {
      try await bench.desk.raise(alert("\(index)", kind: index.isMultiple(of: 2) ? "even" : "odd", after: index))
    }
    let newest = try await bench.desk.alerts(kind: nil, limit: 3)
    #expect(newest.map(\.description) == ["9", "8", "7"])
    let odd = try await bench.desk.alerts(kind: "odd", limit: 100)
    #expect(odd.map(\.description) == ["9", "7", "5", "3", "1"])
    #expect(try await bench.desk.alerts(kind: "none", limit: 100).isEmpty)
    #expect(try await bench.desk.alerts(kind: nil, limit: 0).isEmpty)
  }

  @Test func `the store keeps the newest`() async throws {
    let bench = Bench(bound: 30)
    defer { bench.remove() }
    for index in 0..<100 { try await bench.desk.raise(alert("\(index)", after: index)) }
    let kept = try await bench.desk.alerts(kind: nil, limit: 1000)
    #expect(kept.map(\.description) == (70..<100).reversed().map { "\($0)" })
    #expect(bench.files.count == 100)
  }

  @Test func `an alert that the folder does not take is in the store`() async throws {
    let bench = Bench()
    defer { bench.remove() }
    try Data().write(to: URL(fileURLWithPath: bench.root))
    try await bench.desk.raise(alert("kept"))
    #expect(try await bench.desk.alerts(kind: nil, limit: 1).map(\.description) == ["kept"])
  }
}

@Suite(.timeLimit(.minutes(2)))
struct AlertWebhookTests {
  @Test func `alerts are told, again after a failure, and nobody waits`() async throws {
    let time = TestTime()
    let web = StubWeb([
      .failure(WebError(.unreachable, "away")), .success(WebResponse(status: 503)), .success(WebResponse(status: 204)),
    ])
    let webhook = AlertWebhook("http://hook.test/x", web: web, time: time, logger: Logger(label: "test"))
    let bench = Bench(webhook: webhook)
    defer { bench.remove() }
    try await bench.desk.raise(alert("told"))
    let run = Task { await webhook.run() }
    for pause in [1, 3] {
      await time.waitForSleepers()
      time.advance(by: .seconds(pause))
    }
    webhook.close()
    await run.value
    #expect(web.requests.count == 3)
    #expect(
      String(decoding: try #require(web.requests.last).body, as: UTF8.self)
        == #"{"kind":"Fraud attempt","description":"told","service":"recommendations","task_id":"t1","#
        + #""time":"2026-11-21T05:00:00.000000Z"}"#)
  }

  @Test func `a refusal is not repeated`() async throws {
    let web = StubWeb([.success(WebResponse(status: 404))])
    let webhook = AlertWebhook("http://hook.test/x", web: web, time: TestTime(), logger: Logger(label: "test"))
    webhook.tell(alert("one"))
    webhook.close()
    await webhook.run()
    #expect(web.requests.count == 1)
  }

  @Test func `what waits to be told is bounded`() async throws {
    let web = StubWeb { _ in WebResponse(status: 200) }
    let webhook = AlertWebhook(
      "http://hook.test/x", web: web, bound: 3, time: TestTime(), logger: Logger(label: "test"))
    for index in 0..<10 { webhook.tell(alert("\(index)")) }
    webhook.close()
    await webhook.run()
    #expect(web.requests.count == 3)
  }
}
