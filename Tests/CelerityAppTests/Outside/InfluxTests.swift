import CelerityCore
import CelerityJSON
import CelerityObservability
import CelerityTesting
import Logging
import Testing

@testable import CelerityApp

/// Against a real InfluxDB.
@Suite(.timeLimit(.minutes(2)))
struct InfluxTests {
  private let web = HTTPWebClient()

  private func query(_ server: InfluxServer, _ text: String) async throws -> RawJSON {
    let escaped = text.utf8.map { byte in
      (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
        ? String(UnicodeScalar(byte)) : "%" + String(Int(byte) + 256, radix: 16, uppercase: true).suffix(2)
    }.joined()
    let answer = try await web.send(WebRequest("GET", "\(server.url)/query?db=points&epoch=u&q=\(escaped)"))
    #expect(answer.status == 200)
    return try RawJSON(validating: answer.body)
  }

  /// The rows of the only series of an answer.
  private func rows(_ server: InfluxServer, _ text: String) async throws -> [[String: RawJSON]] {
    let answer = try await query(server, text)
    let series = answer["results"]?.elements()?.first?["series"]?.elements() ?? []
    return series.flatMap { series -> [[String: RawJSON]] in
      let columns = series["columns"]?.elements()?.compactMap(\.stringValue) ?? []
      return (series["values"]?.elements() ?? []).map { row in
        Dictionary(uniqueKeysWithValues: zip(columns, row.elements() ?? []))
      }
    }
  }

  private func pipe(_ server: InfluxServer, _ registry: MetricsRegistry, buffer: Int = 10_000) -> TelemetryPipe {
    TelemetryPipe(
      to: InfluxWriter(server.url, .database("points"), token: "", web: web),
      limits: .init(buffer: buffer, batch: 500, interval: .milliseconds(50)), metrics: TelemetryMetrics(registry),
      time: SystemTime(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  @Test("What is written comes back as it was, whatever characters it has")
  func roundTrip() async throws {
    let server = try InfluxServer()
    try await server.start()
    let words = [
      "plain", "two words", "a,b", "a=b", #"a"b"#, #"a\b"#, #"a\\b"#, "a, =b", "ünï ✓ 日本", "'x'", "tab\tx", "x#y",
    ]
    var points: [TelemetryPoint] = []
    for (index, word) in words.enumerated() {
      points.append(
        TelemetryPoint(
          "odd " + word, tags: ["tag " + word: "v " + word],
          fields: [
            "text " + word: .text("\(word)\n\(word)\\"), "whole": .integer(.min), "number": .number(0.1 + 0.2),
            "flag": .flag(index.isMultiple(of: 2)),
          ],
          time: Timestamp(microseconds: 1_795_237_200_000_001 + Int64(index))))
    }
    let writer = InfluxWriter(server.url, .database("points"), token: "", web: web)
    // The database is not there yet, and is made.
    #expect(await writer.write(points) == .written)
    for (index, word) in words.enumerated() {
      let name = ("odd " + word).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      let row = try #require(try await rows(server, "SELECT * FROM \"\(name)\"").first, "\(word)")
      #expect(row["time"]?.description == "\(1_795_237_200_000_001 + index)")
      #expect(row["tag " + word]?.stringValue == "v " + word, "\(word)")
      #expect(row["text " + word]?.stringValue == "\(word)\n\(word)\\", "\(word)")
      #expect(row["whole"]?.description == "\(Int64.min)")
      #expect(row["number"].flatMap { Double($0.description) } == 0.1 + 0.2)
      #expect(row["flag"]?.description == "\(index.isMultiple(of: 2))")
    }
  }

  @Test("Names that would break or hide a line are written so that they do not")
  func hostileNames() async throws {
    let server = try InfluxServer()
    try await server.start()
    let writer = InfluxWriter(server.url, .database("points"), token: "", web: web)
    let time = Timestamp(seconds: 1_795_237_200)
    #expect(
      await writer.write([
        TelemetryPoint(
          "m\nforged x=1", tags: ["t": "end\\", "u\n": "a\nb"], fields: ["f\nx": .integer(1)], time: time),
        TelemetryPoint(
          "\\ s", tags: [#"a\,b"#: #"c\ d\"#], fields: [#"e\=f"#: .text(#"g\ h\"#)], time: time),
        TelemetryPoint("after", fields: ["x": .integer(1)], time: time),
      ]) == .written)
    let names = try await rows(server, "SHOW MEASUREMENTS").compactMap { $0["name"]?.stringValue }
    #expect(Set(names) == [#"m\nforged x=1"#, "after", " s"])
    // A backslash that would hide what follows it is left out of names; texts keep theirs.
    let bare = try #require(try await rows(server, "SELECT * FROM \" s\"").first)
    #expect(bare["a,b"]?.stringValue == "c d")
    #expect(bare["e=f"]?.stringValue == #"g\ h\"#)
    #expect(try await rows(server, "SELECT * FROM \"after\"").count == 1)
  }

  @Test("What was recorded while the server was away arrives when it is back")
  func outage() async throws {
    let server = try InfluxServer()
    try await server.start()
    let registry = MetricsRegistry()
    let pipe = pipe(server, registry, buffer: 2000)
    let run = Task { await pipe.run() }
    func record(_ numbers: Range<Int>) {
      for number in numbers {
        pipe.record(
          TelemetryPoint(
            "steps", fields: ["n": .integer(Int64(number))],
            time: Timestamp(microseconds: 1_795_237_200_000_000 + Int64(number))))
      }
    }
    record(0..<100)
    try await waitForPoints(server, 100)
    server.kill()
    let clock = ContinuousClock()
    let taken = clock.measure { record(100..<1100) }
    // A thousand points cost less than one attempt to connect, because none waits for it.
    #expect(taken < .seconds(1))
    try await server.start()
    try await waitForPoints(server, 1100)
    pipe.close()
    await run.value
    let lost = await registry.snapshot().first { $0.definition.name == "celerity_telemetry_lost" }
    #expect(lost?.samples.isEmpty ?? true)
  }

  /// Asks until so many points are there; the bound is for a pipe that has lost some.
  private func waitForPoints(_ server: InfluxServer, _ count: Int) async throws {
    let end = ContinuousClock.now + .seconds(60)
    var found = 0
    while ContinuousClock.now < end {
      let text = try await rows(server, "SELECT COUNT(n) FROM steps").first?["count"]?.description
      found = text.flatMap { Int($0) } ?? 0
      if found == count { return }
      try await SystemTime().sleep(for: .milliseconds(50))
    }
    Issue.record("\(found) points of \(count) are there")
  }
}
