import CelerityCore
import CelerityObservability
import Synchronization

/// Writes what becomes of attempts as points: one for each step of a task, and the worker's figures every ten seconds.
final class TaskPoints: WorkerTelemetry {
  static let interval = Duration.seconds(10)

  private struct State {
    var last = Timestamp(microseconds: .min)
    var ended = 0
    var running = 0
    var waited: [Double] = []
    var ran: [Double] = []
    var isClosed = false
  }

  private let sink: any TelemetrySink
  private let worker: String
  private let time: any TimeSource
  private let state = Mutex(State())
  private let bell = CountingBell()

  init(_ sink: any TelemetrySink, worker: String, time: any TimeSource) {
    self.sink = sink
    self.worker = worker
    self.time = time
  }

  func observe(_ event: WorkerEvent, of delivery: Delivery) {
    var fields: [String: TelemetryPoint.Value] = [:]
    let step: String
    switch event {
    case .received: step = "received"
    case .started(let waited):
      step = "started"
      fields["wait_seconds"] = waited.map { .number($0.inSeconds) }
      note(waited: waited)
    case .ended(let outcome, let ran):
      step = Self.word(outcome)
      fields["run_seconds"] = ran.map { .number($0.inSeconds) }
      fields["error"] = Self.failure(outcome).map { .text("\($0.type): \($0.message)".cut(500)) }
      note(ran: ran)
    case .leaseLost(let ran):
      step = "lost"
      fields["run_seconds"] = ran.map { .number($0.inSeconds) }
      note(ran: ran)
    case .settlementRefused: step = "refused"
    }
    // No tag: it would make a series of each task.
    fields["task_id"] = .text(delivery.key.id.text)
    fields["attempt"] = .integer(Int64(delivery.attempt))
    let tags = [
      "task": delivery.message.task, "queue": delivery.message.queue, "worker": worker, "step": step,
    ]
    sink.record(TelemetryPoint("task_iteration", tags: tags, fields: fields, time: moment()))
  }

  /// Writes the worker's figures until it is closed.
  func run() async {
    var last = time.uptime
    while !state.withLock({ $0.isClosed }), !Task.isCancelled {
      let rings = bell.rings
      await bell.wait(beyond: rings, until: last + Self.interval, on: time)
      let now = time.uptime
      guard now > last else { continue }
      sink.record(figures(over: now - last))
      last = now
    }
  }

  func close() {
    state.withLock { $0.isClosed = true }
    bell.ring()
  }

  /// What the worker did since the last figures.
  func figures(over length: Duration) -> TelemetryPoint {
    let time = moment()
    let memory = ProcessMemory.resident
    var fields = state.withLock { state -> [String: TelemetryPoint.Value] in
      var fields: [String: TelemetryPoint.Value] = [
        "tasks": .integer(Int64(state.ended)), "tasks_per_second": .number(Double(state.ended) / length.inSeconds),
        "running": .integer(Int64(state.running)),
      ]
      fields["wait_seconds_mean"] = Self.mean(state.waited).map { .number($0) }
      fields["run_seconds_mean"] = Self.mean(state.ran).map { .number($0) }
      state.ended = 0
      state.waited = []
      state.ran = []
      return fields
    }
    if let memory { fields["memory_bytes"] = .integer(Int64(memory)) }
    return TelemetryPoint("worker", tags: ["worker": worker], fields: fields, time: time)
  }

  /// Now, or a microsecond after the point before: of two points of one series and moment the second would take the place
  /// of the first.
  private func moment() -> Timestamp {
    let now = time.now
    return state.withLock { state in
      state.last = max(now, Timestamp(microseconds: state.last.microseconds &+ 1))
      return state.last
    }
  }

  private func note(waited: Duration?) {
    state.withLock { state in
      state.running += 1
      if let waited { state.waited.append(waited.inSeconds) }
    }
  }

  private func note(ran: Duration?) {
    state.withLock { state in
      state.ended += 1
      guard let ran else { return }
      state.running -= 1
      state.ran.append(ran.inSeconds)
    }
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private static func word(_ outcome: Outcome) -> String {
    switch outcome {
    case .success, .ignored: "succeeded"
    case .failure: "failed"
    case .retry: "retried"
    case .rejected: "rejected"
    case .revoked: "revoked"
    case .released: "released"
    }
  }

  private static func failure(_ outcome: Outcome) -> TaskFailure? {
    switch outcome {
    case .failure(let failure), .rejected(let failure), .retry(_, let failure): failure
    case .success, .ignored, .revoked, .released: nil
    }
  }
}

extension String {
  fileprivate func cut(_ limit: Int) -> String { String(prefix(limit)) }
}
