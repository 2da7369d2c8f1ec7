public import CelerityCore
public import Logging
import Synchronization

/// Carries points to a writer, behind the backs of those who record them: takes each at once, hands them on in batches, and
/// keeps up to a bound while the writer can't be reached. Then the oldest go, and are counted.
public final class TelemetryPipe: TelemetrySink {
  /// How much is kept, and how often it goes on.
  public struct Limits: Sendable, Hashable {
    /// Points that may wait.
    public var buffer: Int
    /// Points of one batch.
    public var batch: Int
    /// How long a point may wait for others.
    public var interval: Duration
    /// How long the end may take.
    public var farewell: Duration

    /// Limits.
    public init(
      buffer: Int = 10_000, batch: Int = 1000, interval: Duration = .seconds(1), farewell: Duration = .seconds(5)
    ) {
      self.buffer = max(1, buffer)
      self.batch = max(1, min(batch, buffer))
      self.interval = interval
      self.farewell = farewell
    }
  }

  /// Why a point never arrived.
  enum Loss: String, Sendable, CaseIterable {
    /// There was no room for it.
    case full
    /// The writer can't write such a point, or refused it.
    case refused
    /// It had not arrived when the process ended.
    case ended
  }

  private struct State {
    var waiting = PointQueue()
    var lost: [Loss: Int] = [:]
    /// When to give up, once the end has come.
    var end: Duration?
  }

  private let writer: any TelemetryWriter
  private let limits: Limits
  private let time: any TimeSource
  private let logger: Logger
  private let metrics: TelemetryMetrics
  private let state = Mutex(State())
  private let bell = CountingBell()

  /// A pipe to a writer.
  public init(
    to writer: any TelemetryWriter, limits: Limits = Limits(), metrics: TelemetryMetrics, time: any TimeSource,
    logger: Logger
  ) {
    self.writer = writer
    self.limits = limits
    self.metrics = metrics
    self.time = time
    self.logger = logger
  }

  public func record(_ point: TelemetryPoint) {
    guard writer.canWrite(point) else { return lose(1, .refused) }
    let (mustLose, isBatch) = state.withLock { state in
      state.waiting.append(point)
      let isFull = state.waiting.count > limits.buffer
      if isFull { _ = state.waiting.take(1) }
      return (isFull, state.waiting.count == 1 || state.waiting.count == limits.batch)
    }
    if mustLose { lose(1, .full) }
    if isBatch { bell.ring() }
  }

  /// Points that wait.
  public var waiting: Int { state.withLock { $0.waiting.count } }

  /// Has `run` hand on what waits, within the time for that, and return.
  public func close() {
    let end = time.uptime + limits.farewell
    state.withLock { $0.end = $0.end ?? end }
    bell.ring()
  }

  /// Hands points on until it is closed or cancelled.
  public func run() async {
    var report = LossReport(time: time, logger: logger, writer: writer.name)
    while let batch = await nextBatch(&report) { await deliver(batch, &report) }
    report.tell(takeLosses(), waiting: 0, isLast: true)
  }

  /// The next points, when there are enough of them or the first has waited long enough; `nil` at the end.
  private func nextBatch(_ report: inout LossReport) async -> [TelemetryPoint]? {
    var due: Duration?
    while !Task.isCancelled {
      let rings = bell.rings
      report.tell(takeLosses(), waiting: waiting)
      let (count, end) = state.withLock { ($0.waiting.count, $0.end) }
      if count == 0, end != nil { return nil }
      if count > 0, due == nil { due = time.uptime + limits.interval }
      if count >= limits.batch || end != nil || due.map({ time.uptime >= $0 }) ?? false { return take() }
      // What was lost is told even when nothing comes any more.
      await bell.wait(beyond: rings, until: due ?? time.uptime + LossReport.interval, on: time)
    }
    lose(state.withLock { $0.waiting.take(.max).count }, .ended)
    return nil
  }

  private func take() -> [TelemetryPoint] {
    let batch = state.withLock { $0.waiting.take(limits.batch) }
    metrics.waiting(writer.name, waiting)
    return batch
  }

  /// Tries until the points are written or refused, or the end has come.
  private func deliver(_ batch: [TelemetryPoint], _ report: inout LossReport) async {
    var pause = Duration.milliseconds(250)
    while true {
      switch await writer.write(batch) {
      case .written:
        metrics.written(writer.name, batch.count)
        report.isBack()
        return
      case .refused(let reason):
        report.isRefused(reason)
        return lose(batch.count, .refused)
      case .away(let reason):
        report.isAway(reason)
      }
      metrics.waiting(writer.name, waiting + batch.count)
      report.tell(takeLosses(), waiting: waiting + batch.count)
      guard await rest(pause) else { break }
      pause = min(pause * 2, .seconds(5))
    }
    // Whoever ends loses what did not arrive.
    lose(batch.count + state.withLock { $0.waiting.take(.max).count }, .ended)
  }

  /// Waits before the next attempt; whether there may be one.
  private func rest(_ pause: Duration) async -> Bool {
    let wake = time.uptime + pause
    while !Task.isCancelled {
      let rings = bell.rings
      let end = state.withLock { $0.end }
      if let end, time.uptime >= end { return false }
      if time.uptime >= wake { return true }
      await bell.wait(beyond: rings, until: min(wake, end ?? wake), on: time)
    }
    return false
  }

  private func lose(_ count: Int, _ loss: Loss) {
    guard count > 0 else { return }
    metrics.lost(writer.name, loss.rawValue, count)
    state.withLock { $0.lost[loss, default: 0] += count }
  }

  private func takeLosses() -> [Loss: Int] {
    state.withLock { state in
      defer { state.lost = [:] }
      return state.lost
    }
  }
}

/// Points in the order in which they came, with cheap removal at the front.
struct PointQueue {
  private var points: [TelemetryPoint] = []
  private var head = 0

  var count: Int { points.count - head }

  mutating func append(_ point: TelemetryPoint) { points.append(point) }

  /// Takes so many of the oldest.
  mutating func take(_ limit: Int) -> [TelemetryPoint] {
    let end = head + min(limit, count)
    let taken = Array(points[head..<end])
    head = end
    if head == points.count {
      points.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1024, head * 2 > points.count {
      points.removeFirst(head)
      head = 0
    }
    return taken
  }
}
