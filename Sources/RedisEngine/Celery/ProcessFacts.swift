import CelerityCore
import CeleryWire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the process and its machine say of themselves.
enum ProcessFacts {
  static let pid = Int(getpid())

  #if os(Linux)
    static let system = "Linux"
  #else
    static let system = "Darwin"
  #endif

  /// Over one, five and fifteen minutes, with two digits as Celery sends them.
  static var loadAverage: [Double] {
    var values = [0.0, 0.0, 0.0]
    guard getloadavg(&values, 3) == 3 else { return [0, 0, 0] }
    return values.map { ($0 * 100).rounded() / 100 }
  }

  /// Hours west of Greenwich at a time.
  static func utcOffset(at time: Timestamp) -> Double {
    var seconds = time_t(time.wholeSeconds)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return 0 }
    return parts.tm_gmtoff == 0 ? 0 : -Double(parts.tm_gmtoff) / 3600
  }

  static var usage: ResourceUsage {
    var usage = rusage()
    guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return ResourceUsage() }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
    return ResourceUsage(
      userSeconds: seconds(usage.ru_utime), systemSeconds: seconds(usage.ru_stime),
      counts: [
        usage.ru_maxrss, usage.ru_ixrss, usage.ru_idrss, usage.ru_isrss, usage.ru_minflt, usage.ru_majflt,
        usage.ru_nswap, usage.ru_inblock, usage.ru_oublock, usage.ru_msgsnd, usage.ru_msgrcv, usage.ru_nsignals,
        usage.ru_nvcsw, usage.ru_nivcsw,
      ].map { Int64($0) })
  }
}
