import CelerityGateway
import CelerityObservability
import CelerityWorker
import SQLiteEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the parts of this process know of themselves, asked for when somebody reads.
struct PlatformCollector: MetricsCollector {
  let gateway: Gateway?
  let worker: Worker?
  let name: String
  /// The store's database, where it is a file.
  let path: String?
  /// How often work was found that nothing had announced, where the store counts that.
  var unannounced: (@Sendable () -> Int)?

  func collect() async -> [MetricFamily] {
    var families: [MetricFamily] = []
    if let gateway {
      families.append(MetricFamily(MetricTable.httpConnections, Double(gateway.openConnections)))
      families.append(MetricFamily(MetricTable.httpStreams, Double(gateway.openStreams)))
    }
    if let worker {
      families.append(MetricFamily(MetricTable.workerUnsettled, numbers: [([name], Double(worker.unsettled))]))
    }
    if let path {
      let places = [("db", path), ("wal", path + "-wal"), ("cache", SQLiteConfiguration.cachePath(of: path))]
      let files = places.compactMap { name, path in
        Self.size(of: path).map { (labels: [name], value: $0) }
      }
      families.append(MetricFamily(MetricTable.storeFile, numbers: files))
    }
    if let unannounced { families.append(MetricFamily(MetricTable.unannounced, Double(unannounced()))) }
    return families
  }

  private static func size(of path: String) -> Double? {
    var status = stat()
    return stat(path, &status) == 0 ? Double(status.st_size) : nil
  }
}
