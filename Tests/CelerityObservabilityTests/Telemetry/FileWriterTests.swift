import CelerityCore
import CelerityJSON
import CelerityTesting
import Foundation
import Testing

@testable import CelerityObservability

@Suite(.timeLimit(.minutes(2)))
struct FileWriterTests {
  private let directory =
    FileManager.default.temporaryDirectory.path + "/celerity-points-\(UUID().uuidString)/telemetry"

  private func point(_ number: Int) -> TelemetryPoint {
    TelemetryPoint(
      "m", tags: ["b": "2", "a": "1"], fields: ["n": .integer(Int64(number)), "text": .text("ü\n\"")],
      time: Timestamp(seconds: 1_795_237_200))
  }

  private func remove() { try? FileManager.default.removeItem(atPath: directory + "/..") }

  @Test func `a point is a line of JSON`() async throws {
    defer { remove() }
    let writer = FileWriter(directory: directory, bound: 1 << 20, older: 2)
    #expect(await writer.write([point(1), point(2)]) == .written)
    let lines = try String(contentsOfFile: directory + "/points.jsonl", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(
      lines[0] == #"{"time":"2026-11-21T05:00:00.000000Z","measurement":"m","tags":{"a":"1","b":"2"},"#
        + #""fields":{"n":1,"text":"ü\n\""}}"#)
  }

  @Test func `files are bounded in length and number, also with two writers`() async throws {
    defer { remove() }
    let writers = (0..<2).map { _ in FileWriter(directory: directory, bound: 4000, older: 2) }
    for number in 0..<200 { #expect(await writers[number % 2].write([point(number)]) == .written) }
    let files = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasPrefix("points") }
      .sorted()
    #expect(files == ["points.1.jsonl", "points.2.jsonl", "points.jsonl"])
    var numbers: [Int] = []
    for name in ["points.2.jsonl", "points.1.jsonl", "points.jsonl"] {
      let text = try String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)
      #expect(text.utf8.count <= 4000)
      numbers += try text.split(separator: "\n").map {
        Int(try RawJSON(validating: String($0))["fields"]?["n"]?.description ?? "") ?? -1
      }
    }
    #expect(numbers.last == 199)
    #expect(numbers == Array((numbers.first ?? 0)...199))
  }

  @Test func `a directory that can't be made is away`() async {
    let writer = FileWriter(directory: "/proc/celerity/telemetry", bound: 4096, older: 0)
    guard case .away = await writer.write([point(1)]) else {
      Issue.record("it was written")
      return
    }
  }
}
