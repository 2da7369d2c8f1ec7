import CelerityJSON
import Testing

@testable import CelerityApp

@Suite("How far a task is")
struct TaskProgressTests {
  static let reports: [(String, Double?, String?)] = [
    (#"{"current": 1, "total": 4, "message": "one"}"#, 0.25, "one"), (#"{"current": 9, "total": 4}"#, 1, nil),
    (#"{"current": -1, "total": 4}"#, 0, nil), (#"{"current": 1, "total": 0}"#, nil, #"{"current":1,"total":0}"#),
    (#"{"current": "1", "total": 4, "status": "Celery's word"}"#, nil, "Celery's word"), ("0.5", 0.5, "0.5"),
    ("12", nil, "12"), (#""half""#, nil, "half"), ("[1,2]", nil, "[1,2]"), ("true", nil, "true"),
    (#"{"current": 1e400, "total": 4}"#, nil, #"{"current":1e400,"total":4}"#),
  ]

  @Test("is read from what its code reported, whatever that is", arguments: reports)
  func read(text: String, fraction: Double?, message: String?) throws {
    let progress = try #require(TaskProgress(try RawJSON(validating: text, limits: .trusted)))
    #expect(progress.fraction == fraction)
    #expect(progress.message == message)
  }

  @Test("is nothing where nothing was reported")
  func nothing() {
    #expect(TaskProgress(nil) == nil)
    #expect(TaskProgress(.null) == nil)
  }

  @Test("the time left follows from how fast it has gone")
  func estimate() {
    var estimate = ProgressEstimate()
    #expect(estimate.remaining(at: .seconds(1)) == nil)
    estimate.note(0, at: .seconds(10))
    #expect(estimate.remaining(at: .seconds(20)) == nil)
    estimate.note(0.25, at: .seconds(20))
    #expect(estimate.remaining(at: .seconds(20)) == .seconds(30))
    #expect(estimate.remaining(at: .seconds(25)) == .seconds(25))
    #expect(estimate.remaining(at: .seconds(100)) == .zero)
    // It has begun anew.
    estimate.note(0.1, at: .seconds(30))
    #expect(estimate.remaining(at: .seconds(30)) == nil)
    estimate.note(0.1, at: .seconds(31))
    #expect(estimate.remaining(at: .seconds(31)) == nil)
  }

  static let line = ProgressLine(
    task: "finance.monte_carlo", state: "PROGRESS",
    progress: TaskProgress(fraction: 0.52, message: "path 52 of 100\u{1B}[2J"), elapsed: .seconds(12),
    remaining: .seconds(11))

  @Test("is drawn as a bar with the time that is left")
  func drawn() {
    #expect(
      Self.line.drawn(columns: 120, colours: false)
        == "finance.monte_carlo  PROGRESS  " + ProgressLine.bar(0.52, width: 30)
        + "  52 %  12 s  about 11 s left  path 52 of 100\\x1b[2J")
  }

  @Test("is never wider than the terminal, and never breaks the line", arguments: 0...130)
  func narrow(columns: Int) {
    let text = Self.line.drawn(columns: columns, colours: false)
    #expect(TextWidth.of(text) <= columns)
    #expect(!text.unicodeScalars.contains { $0 == "\n" || $0 == "\u{1B}" })
  }

  @Test("the bar is full only at the end", arguments: [(0.0, 0), (0.999, 9), (1.0, 10), (1.5, 10), (-1.0, 0)])
  func bar(fraction: Double, full: Int) {
    #expect(ProgressLine.bar(fraction, width: 10).filter { $0 == "█" }.count == full)
  }

  @Test("is a line of words where nothing can be drawn")
  func plain() {
    #expect(
      Self.line.plain == "finance.monte_carlo  PROGRESS  52 %  12 s  about 11 s left  path 52 of 100\\x1b[2J")
  }
}
