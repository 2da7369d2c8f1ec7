public import CelerityCore
import Synchronization

/// What has happened to a worker's attempts and was not told to Celery's monitors yet. The worker only notes it here; writing
/// and sending happen elsewhere, so that no task waits for a monitor.
public final class EventOutbox: WorkerTelemetry {
  /// Something that happened, at its time.
  struct Note: Sendable {
    var event: WorkerEvent
    var message: TaskMessage
    var time: Timestamp
    var signal: Int?
  }

  private struct State {
    var notes: [Note] = []
    var next = 0
    var isOn = true
    var totals: [String: Int] = [:]
    /// Tasks that were announced and have not begun since: they are not announced again.
    var announced = RecentNames(capacity: 10_000)
    /// Signals with which people asked to end tasks.
    var signals: [String: Int] = [:]
  }

  /// Most notes that wait: while the broker is away the oldest are lost, and work goes on.
  private static let capacity = 20_000
  /// Most names that are counted one by one.
  private static let mostNames = 10_000

  private let time: any TimeSource
  private let state = Mutex(State())
  let bell = CountingBell()

  /// An outbox with nothing in it.
  public init(time: any TimeSource = SystemTime()) { self.time = time }

  public func observe(_ event: WorkerEvent, of delivery: Delivery) { note(event, of: delivery.message) }

  /// Notes what happened to a task.
  func note(_ event: WorkerEvent, of message: TaskMessage) {
    let isNoted = state.withLock { state in
      count(event, message, &state)
      guard state.isOn, !isKnown(event, message, &state) else { return false }
      if state.notes.count - state.next >= Self.capacity {
        state.next += 1
      }
      var signal: Int?
      if case .ended = event { signal = state.signals.removeValue(forKey: message.id.text) }
      state.notes.append(Note(event: event, message: message, time: time.now, signal: signal))
      return true
    }
    if isNoted { bell.ring() }
  }

  private func count(_ event: WorkerEvent, _ message: TaskMessage, _ state: inout State) {
    guard case .started = event else { return }
    let name = message.extras.shadow ?? message.task
    if state.totals[name] != nil || state.totals.count < Self.mostNames { state.totals[name, default: 0] += 1 }
  }

  /// A task that a limit has held back, or that was announced when it was delayed, is received but once.
  private func isKnown(_ event: WorkerEvent, _ message: TaskMessage, _ state: inout State) -> Bool {
    switch event {
    case .received: return !state.announced.insert(message.id.text)
    case .ended(.released(_, .limited), _), .ended(.released(_, .waited), _): return false
    case .started, .ended, .leaseLost, .settlementRefused:
      state.announced.remove(message.id.text)
      return false
    }
  }

  /// The oldest notes, which are the caller's then.
  func take(_ limit: Int) -> [Note] {
    state.withLock { state in
      let taken = Array(state.notes[state.next...].prefix(limit))
      state.next += taken.count
      if state.next >= state.notes.count {
        state.notes.removeAll(keepingCapacity: state.notes.count < 1024)
        state.next = 0
      } else if state.next >= 4096 {
        state.notes.removeFirst(state.next)
        state.next = 0
      }
      return taken
    }
  }

  /// How many tasks of each name have begun.
  var totals: [String: Int] { state.withLock { $0.totals } }

  /// Whether events of tasks are told at all.
  var isOn: Bool {
    get { state.withLock { $0.isOn } }
    set { state.withLock { $0.isOn = newValue } }
  }

  /// With which signal somebody asked to end tasks; told with their end.
  func expect(signal: Int, of ids: [String]) {
    state.withLock { state in
      if state.signals.count > 10_000 { state.signals = [:] }
      for id in ids { state.signals[id] = signal }
    }
  }
}
