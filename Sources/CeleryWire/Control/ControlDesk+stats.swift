import CelerityCore
import CelerityJSON

extension ControlDesk {
  /// What the worker is and has done. Flower shows a page only for workers whose totals and broker are there.
  var stats: RawJSON {
    let report = view.report
    let totals = view.totals.sorted { $0.key < $1.key }.map { ($0.key, RawJSON.integer(Int64($0.value))) }
    let uptime = Int64((view.now - report.startedAt).inSeconds.rounded(.down))
    return .object([
      ("total", .object(totals)), ("pid", .integer(Int64(report.pid))), ("clock", .string(String(view.clock))),
      ("uptime", .integer(max(0, uptime))), ("pool", pool), ("broker", view.broker.json),
      // Never more is fetched than there are slots.
      ("prefetch_count", .integer(Int64(report.slots))), ("rusage", view.usage.json),
    ])
  }

  /// Threads of one process.
  private var pool: RawJSON {
    let report = view.report
    return .object([
      ("implementation", .string("celerity:WorkerThreads")), ("max-concurrency", .integer(Int64(report.slots))),
      ("processes", .array([.integer(Int64(report.pid))])), ("threads", .integer(Int64(report.slots))),
      ("max-tasks-per-child", .string("N/A")), ("put-guarded-by-semaphore", .false),
      ("timeouts", .array([.integer(0), .integer(0)])),
    ])
  }
}
