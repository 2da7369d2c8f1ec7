import CelerityCore
import Logging
import Testing

@testable import CelerityApp

@Suite struct TextLogLineTests {
  private func line(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) -> String {
    let event = LogEvent(
      level: level, message: message, error: nil, metadata: metadata, source: "test", file: "", function: "", line: 0)
    let time = Timestamp("2030-01-31T12:00:00.5Z") ?? Timestamp(microseconds: 0)
    return String(decoding: TextLogLine(event, metadata, time: time).bytes, as: UTF8.self)
  }

  @Test func aRequestIsTimeMethodPathStatusAndHowLongItTook() {
    let text = line(
      .info, "request",
      [
        "method": "GET", "path": "/v1/tasks", "status": "200", "ms": "1.25", "bytes": "10", "operation": "listTasks",
        "request_id": "r", "trace_id": "t", "peer": "127.0.0.1",
      ])
    #expect(text == "12:00:00.500 GET /v1/tasks 200 1.25 ms")
  }

  @Test func aTaskIsItsNameIdAndHowLongItRan() {
    let text = line(
      .info, "task succeeded", ["task": "mail.send", "task_id": "a", "attempt": "1", "ms": "3.5", "request_id": "r"])
    #expect(text == "12:00:00.500 task succeeded mail.send a 3.5 ms")
  }

  @Test func aWarningKeepsWhatItIsFoundBy() {
    let text = line(
      .warning, "task failed",
      ["task": "mail.send", "task_id": "a", "attempt": "2", "error": "E: x", "request_id": "r"])
    #expect(text == "12:00:00.500 WARNING task failed mail.send a attempt=2 error=E: x request_id=r")
  }

  @Test func controlCharactersStayInTheLine() {
    #expect(!line(.error, "a\nb\u{1B}[2J", [:]).contains { $0 == "\n" || $0 == "\u{1B}" })
  }
}
