import CelerityCore
import CelerityJSON
import Synchronization

/// Shows on standard error how far one task is: one line that is drawn over and over on a terminal, lines now and then
/// elsewhere.
final class ProgressView: Sendable {
  private struct State {
    var line: ProgressLine
    var estimate = ProgressEstimate()
    var lastPlain: (state: String, at: Duration)?
    var isDrawn = false
  }

  /// Between two lines of one state where the output can't be redrawn.
  private static let plainInterval = Duration.seconds(5)

  private let output: Output
  private let time: any TimeSource
  private let start: Duration
  private let state: Mutex<State>

  /// A view of a task by its id; the task's name comes with the first event.
  init(output: Output, id: String, time: any TimeSource = SystemTime()) {
    self.output = output
    self.time = time
    start = time.uptime
    state = Mutex(State(line: ProgressLine(task: id, state: TaskState.pending.rawValue, elapsed: .zero)))
  }

  /// Takes in an event of the task's stream.
  func on(_ event: StreamEvent) -> EventFollower.Step {
    switch event.name {
    case "task", "progress":
      guard let task = try? RawJSON(validating: event.data, limits: .trusted) else { return .next }
      return show(task)
    case "end": return .stop
    default: return .next
    }
  }

  private func show(_ task: RawJSON) -> EventFollower.Step {
    let now = time.uptime
    let name = task["state"]?.stringValue ?? ""
    state.withLock { state in
      state.line.task = task["task"]?.stringValue ?? state.line.task
      state.line.state = name
      let hadBar = state.line.progress?.fraction != nil
      state.line.progress = TaskProgress(task["progress"])
      // The last report mostly comes before the last step.
      if name == TaskState.success.rawValue { state.line.progress = hadBar ? TaskProgress(fraction: 1) : nil }
      if name != TaskState.progress.rawValue { state.estimate = ProgressEstimate() }
      if name == TaskState.started.rawValue { state.estimate.note(0, at: now) }
      if let fraction = state.line.progress?.fraction { state.estimate.note(fraction, at: now) }
    }
    draw()
    return TaskState(rawValue: name)?.isTerminal == true ? .stop : .next
  }

  /// Draws the line anew; on a terminal its times go on between events.
  func draw() {
    let now = time.uptime
    state.withLock { state in
      state.line.elapsed = now - start
      state.line.remaining =
        TaskState(rawValue: state.line.state)?.isTerminal == true ? nil : state.estimate.remaining(at: now)
      if output.terminal.canRedraw {
        let text = state.line.drawn(columns: output.columns - 1, colours: output.terminal.allowsColour)
        output.talk("\r\(text)\u{1B}[K")
        state.isDrawn = true
      } else if isDue(state, now) {
        output.note(state.line.plain)
        state.lastPlain = (state.line.state, now)
      }
    }
  }

  private func isDue(_ state: State, _ now: Duration) -> Bool {
    guard let last = state.lastPlain else { return true }
    return last.state != state.line.state || now - last.at >= Self.plainInterval
  }

  /// Runs an operation while the line's times go on.
  func ticking(_ operation: @escaping @Sendable () async throws -> Void) async throws {
    guard output.terminal.canRedraw else { return try await operation() }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await operation()
        return true
      }
      group.addTask {
        while (try? await Task.sleep(for: .milliseconds(500))) != nil { self.redraw() }
        return false
      }
      defer { group.cancelAll() }
      while let hasEnded = try await group.next(), !hasEnded {}
    }
  }

  private func redraw() { if state.withLock({ $0.isDrawn }) { draw() } }

  /// Says what became of the connection, on a line of its own.
  func notice(_ notice: EventFollower.Notice) { say(notice.text) }

  /// Writes a line above the one that is drawn.
  func say(_ text: String) {
    let wasDrawn = state.withLock { $0.isDrawn }
    clear()
    output.note(text)
    if wasDrawn { draw() }
  }

  /// Takes the line away, so that something else can be written.
  func clear() {
    state.withLock { state in
      if state.isDrawn { output.talk("\r\u{1B}[K") }
      state.isDrawn = false
    }
  }

  /// Leaves the line as it is and goes on to the next.
  func close() {
    state.withLock { state in
      if state.isDrawn { output.talk("\n") }
      state.isDrawn = false
    }
  }
}

extension EventFollower.Notice {
  /// What a person is told.
  var text: String {
    switch self {
    case .lost(let why): SafeText.line("connection lost (\(why)); trying again")
    case .back: "connected again"
    }
  }
}
