import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityObservability
import Synchronization

/// `GET /metrics`: reads the metrics at most once a second, however many ask, and never on the way of a submission.
final class MetricsPage: MetricsRenderer {
  private struct Reading: Sendable {
    var families: [MetricFamily]
    var at: Timestamp
    /// On monotone time.
    var read: Duration
  }

  private static let lifetime = Duration.seconds(1)

  private let registry: MetricsRegistry
  private let time: any TimeSource
  private let state = Mutex<Task<Reading, Never>?>(nil)

  init(_ registry: MetricsRegistry, time: any TimeSource) {
    self.registry = registry
    self.time = time
  }

  func render(_ form: MetricsForm) async -> RenderedMetrics {
    let reading = await reading()
    switch form {
    case .json: return RenderedMetrics(contentType: "application/json", bytes: Self.json(reading))
    case .prometheus: return Self.text(.prometheus, reading)
    case .openMetrics: return Self.text(.openMetrics, reading)
    }
  }

  /// The last reading while it is fresh; else a new one, which all who ask meanwhile share.
  private func reading() async -> Reading {
    let known = state.withLock { $0 }
    if let known {
      let reading = await known.value
      if time.uptime - reading.read < Self.lifetime { return reading }
    }
    let next = state.withLock { state in
      if let state, state != known { return state }
      let next = Task { [registry, time] in
        let (at, read) = (time.now, time.uptime)
        return Reading(families: await registry.snapshot(), at: at, read: read)
      }
      state = next
      return next
    }
    return await next.value
  }

  private static func text(_ form: TextForm, _ reading: Reading) -> RenderedMetrics {
    RenderedMetrics(contentType: form.contentType, bytes: form.text(reading.families))
  }

  private static func json(_ reading: Reading) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 1 << 14)
    writer.beginObject()
    writer.member("timestamp", reading.at.rfc3339)
    writer.member("cache", object: { CacheCollector.report(in: reading.families).write(to: &$0) })
    JSONForm.write(reading.families, to: &writer)
    writer.endObject()
    return writer.finish().bytes
  }
}
