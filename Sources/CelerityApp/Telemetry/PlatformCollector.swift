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
  let gateway: Gateway
  let worker: Worker
  let name: String
  /// The store's database.
  let path: String

  func collect() async -> [MetricFamily] {
    let files = [("db", path), ("wal", path + "-wal")].compactMap { name, path in
      Self.size(of: path).map { (labels: [name], value: $0) }
    }
    return [
      MetricFamily(MetricTable.httpConnections, Double(gateway.openConnections)),
      MetricFamily(MetricTable.httpStreams, Double(gateway.openStreams)),
      MetricFamily(MetricTable.workerUnsettled, numbers: [([name], Double(worker.unsettled))]),
      MetricFamily(MetricTable.storeFile, numbers: files),
    ]
  }

  private static func size(of path: String) -> Double? {
    var status = stat()
    return stat(path, &status) == 0 ? Double(status.st_size) : nil
  }
}
