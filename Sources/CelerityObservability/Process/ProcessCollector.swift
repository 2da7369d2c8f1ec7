public import CelerityCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the process itself uses, under the names that Prometheus's own clients give it. Where there is no `/proc`, what
/// comes from there is left out.
public struct ProcessCollector: MetricsCollector {
  private let version: String
  private let started: Timestamp
  private let origin: Duration
  private let time: any TimeSource

  /// A collector of a process that starts now.
  public init(version: String, time: any TimeSource) {
    self.version = version
    self.time = time
    started = time.now
    origin = time.uptime
  }

  public func collect() async -> [MetricFamily] {
    let usage = ProcessUsage.current
    let optional: [(MetricDefinition, Double?)] = [
      (MetricTable.processCPU, usage.cpuSeconds), (MetricTable.processResident, usage.residentBytes),
      (MetricTable.processVirtual, usage.virtualBytes), (MetricTable.processFiles, usage.openFiles),
      (MetricTable.processMaximumFiles, usage.maximumFiles),
    ]
    return [
      MetricFamily(MetricTable.build, numbers: [([version], 1)]),
      MetricFamily(MetricTable.uptime, (time.uptime - origin).inSeconds),
      MetricFamily(MetricTable.processStart, Double(started.microseconds) / 1e6),
    ] + optional.compactMap { definition, value in value.map { MetricFamily(definition, $0) } }
  }
}

/// What the system says about this process.
struct ProcessUsage: Sendable {
  var cpuSeconds: Double?
  var residentBytes: Double?
  var virtualBytes: Double?
  var openFiles: Double?
  var maximumFiles: Double?

  static var current: ProcessUsage {
    var usage = ProcessUsage()
    // proc(5): pages, the whole size first, then what is resident.
    if let pages = words("/proc/self/statm"), pages.count > 1 {
      let page = Double(sysconf(Int32(_SC_PAGESIZE)))
      usage.virtualBytes = Double(pages[0]).map { $0 * page }
      usage.residentBytes = Double(pages[1]).map { $0 * page }
    }
    // proc(5): the name, in parentheses, may hold blanks; user and system time are the 12th and 13th after it.
    if let text = text("/proc/self/stat"), let name = text.lastIndex(of: ")") {
      let fields = text[text.index(after: name)...].split(separator: " ")
      let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
      if fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]), ticks > 0 {
        usage.cpuSeconds = (user + system) / ticks
      }
    }
    usage.openFiles = openFiles()
    usage.maximumFiles = maximumFiles()
    return usage
  }

  /// The entries of the process's table of files, but for `.`, `..` and the one that reading it opens.
  private static func openFiles() -> Double? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    return Double(max(0, count - 3))
  }

  private static func maximumFiles() -> Double? {
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
    #else
      let resource = RLIMIT_NOFILE
    #endif
    guard getrlimit(resource, &limit) == 0 else { return nil }
    return Double(limit.rlim_cur)
  }

  private static func words(_ path: String) -> [Substring]? { text(path)?.split(separator: " ") }

  private static func text(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = fread(&buffer, 1, buffer.count, file)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}

/// Memory of this process.
public enum ProcessMemory {
  /// Bytes that are resident, where the system tells.
  public static var resident: Int? { ProcessUsage.current.residentBytes.map { Int($0) } }
}
