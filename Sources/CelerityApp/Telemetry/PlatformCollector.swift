import CelerityGateway
import CelerityObservability
import CelerityWorker

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
      let files = [("db", path), ("wal", path + "-wal")].compactMap { name, path in
        Self.size(of: path).map { (labels: [name], value: $0) }
      }
      families.append(MetricFamily(MetricTable.storeFile, numbers: files))
    }
    return families
  }

  private static func size(of path: String) -> Double? {
    var status = stat()
    return stat(path, &status) == 0 ? Double(status.st_size) : nil
  }
}
