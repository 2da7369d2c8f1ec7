public import CelerityCore
import Synchronization

/// Keeps every point, so that a test can look at what was recorded.
public final class RecordingTelemetry: TelemetrySink {
  private let taken = Mutex<[TelemetryPoint]>([])

  /// A sink that has taken nothing yet.
  public init() {}

  public func record(_ point: TelemetryPoint) { taken.withLock { $0.append(point) } }

  /// What was recorded, in order.
  public var points: [TelemetryPoint] { taken.withLock { $0 } }

  /// The points of one measurement, in order.
  public func points(of measurement: String) -> [TelemetryPoint] {
    points.filter { $0.measurement == measurement }
  }
}
