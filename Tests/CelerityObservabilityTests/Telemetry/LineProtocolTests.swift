import CelerityCore
import Testing

@testable import CelerityObservability

struct LineProtocolTests {
  private func line(
    _ measurement: String, tags: [String: String] = [:], fields: [String: TelemetryPoint.Value]
  ) -> String? {
    whole(measurement, tags: tags, fields: fields).map { line in
      #expect(Int(line.dropLast().suffix(3)) != nil)
      return line.dropLast(4) + "\n"
    }
  }

  /// With the nanoseconds.
  private func whole(
    _ measurement: String, tags: [String: String] = [:], fields: [String: TelemetryPoint.Value]
  ) -> String? {
    let point = TelemetryPoint(
      measurement, tags: tags, fields: fields, time: Timestamp(microseconds: 1_700_000_000_000_001))
    guard LineProtocol.canWrite(point) else { return nil }
    var bytes: [UInt8] = []
    LineProtocol.append(point, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `each kind of value has its form, in the order of names`() {
    #expect(
      line(
        "m", tags: ["b": "2", "a": "1"],
        fields: ["t": .text("x"), "i": .integer(-7), "n": .number(1.5), "f": .flag(true), "e": .number(1e-7)])
        == "m,a=1,b=2 e=1e-07,f=true,i=-7i,n=1.5,t=\"x\" 1700000000000001\n")
  }

  @Test func `what separates is escaped where it would separate`() {
    #expect(
      line("my, =m", tags: ["a, =": "b, =\"\\x"], fields: ["f, =": .text("a \"b\" \\ ,=\nc")])
        == "my\\,\\ =m,a\\,\\ \\==b\\,\\ \\=\"\\x f\\,\\ \\==\"a \\\"b\\\" \\\\ ,=\nc\" 1700000000000001\n")
  }

  @Test func `Unicode stays, breaks in names do not, and a backslash hides nothing`() {
    #expect(
      line("m\n1", tags: ["k": "zürich\\\\", "l": "a\\\\ b\\c", "empty": "", "": "x"], fields: ["ключ": .text("日本")])
        == "m\\n1,k=zürich,l=a\\ b\\c ключ=\"日本\" 1700000000000001\n")
  }

  @Test func `points of one series and moment that differ keep apart, and one that comes twice is one`() {
    let lines = (0..<20).compactMap { whole("m", tags: ["w": "1"], fields: ["task_id": .text("t\($0)")]) }
    #expect(Set(lines.map { $0.suffix(20) }).count == 20)
    #expect(
      whole("m", tags: ["w": "1"], fields: ["a": .integer(1), "b": .integer(2)])
        == whole("m", tags: ["w": "1"], fields: ["b": .integer(2), "a": .integer(1)]))
  }

  @Test func `what the format can't say is refused`() {
    #expect(line("m", fields: ["x": .number(.nan)]) == nil)
    #expect(line("m", fields: ["x": .integer(1), "y": .number(.infinity)]) == nil)
    #expect(line("m", fields: [:]) == nil)
    #expect(line("", fields: ["x": .integer(1)]) == nil)
    #expect(line("#m", fields: ["x": .integer(1)]) == nil)
    #expect(line("m", fields: ["time": .integer(1)]) == nil)
    #expect(line("m", tags: ["time": "x"], fields: ["x": .integer(1)]) == nil)
    #expect(line("m", fields: ["": .integer(1)]) == nil)
    #expect(line("m", fields: ["x": .text(String(repeating: "x", count: 70_000))]) == nil)
  }
}
