public import CelerityCore
import Synchronization

/// Keeps every alert in memory, so that a test can look at what was raised.
public final class RecordingAlerts: AlertSink {
  private struct State {
    var raised: [Alert] = []
    var failure: EngineError?
  }

  private let state: Mutex<State>

  /// Alerts that are kept, or each refused with a failure.
  public init(failure: EngineError? = nil) { state = Mutex(State(failure: failure)) }

  public func raise(_ alert: Alert) async throws(EngineError) {
    let failure = state.withLock { state in
      if state.failure == nil { state.raised.append(alert) }
      return state.failure
    }
    if let failure { throw failure }
  }

  public func alerts(kind: String?, limit: Int) async throws(EngineError) -> [Alert] {
    // Those of one moment keep their order, the last raised first.
    let newestFirst = raised.enumerated().sorted { ($0.element.time, $0.offset) > ($1.element.time, $1.offset) }
    return Array(newestFirst.map(\.element).filter { kind == nil || $0.kind == kind }.prefix(max(0, limit)))
  }

  /// What was raised, in order.
  public var raised: [Alert] { state.withLock { $0.raised } }

  /// Has every further alert refused, or kept again.
  public func fail(with failure: EngineError?) { state.withLock { $0.failure = failure } }
}
