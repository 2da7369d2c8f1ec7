import CelerityCore
import Synchronization

/// A worker that only writes down what it is told.
final class FakeDesk: WorkerDesk {
  private struct State {
    var told: [String] = []
    var slots = 2
    var queues = ["celery"]
    var held: [WorkerReport.Held] = []
  }

  private let state = Mutex(State())
  let startedAt = SystemTime().now

  var told: [String] { state.withLock { $0.told } }

  func hold(_ message: TaskMessage) {
    state.withLock { $0.held.append(WorkerReport.Held(message, started: startedAt)) }
  }

  private func tell(_ words: String, _ change: (inout State) -> Void = { _ in }) {
    state.withLock { state in
      state.told.append(words)
      change(&state)
    }
  }

  func report() -> WorkerReport {
    state.withLock { state in
      WorkerReport(
        name: "w1@host1", hostname: "host1", pid: 7, version: "1", startedAt: startedAt, slots: state.slots,
        queues: state.queues, load: WorkerLoad(running: state.held.count, processed: 3),
        kinds: [WorkerReport.Kind("wapp.add")], held: state.held)
    }
  }

  func load() -> WorkerLoad { report().load }
  func scale(to count: Int) { tell("scale \(count)") { $0.slots = count } }
  func add(queue: String) { tell("add \(queue)") { $0.queues.append(queue) } }
  func remove(queue: String) { tell("remove \(queue)") { $0.queues.removeAll { $0 == queue } } }
  func stop() { tell("stop") }

  func terminate(_ keys: Set<TaskKey>) -> Set<TaskKey> {
    tell("terminate \(keys.map(\.id.text).sorted().joined(separator: " "))")
    return keys
  }

  func limitRate(ofTask task: String, to rate: TaskRate?) { tell("rate \(task) \(rate?.text ?? "off")") }

  func limitTime(ofTask task: String, hard: Duration?, soft: Duration?) {
    tell("time \(task) \(hard?.inSeconds ?? 0) \(soft?.inSeconds ?? 0)")
  }
}
