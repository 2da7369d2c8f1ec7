#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the running thread has taken of a processor: other tests and other programs do not count.
enum ProcessorTime {
  static var microseconds: Int {
    var usage = rusage()
    #if canImport(Glibc)
      // RUSAGE_THREAD of getrusage(2), a macro that is not imported.
      _ = getrusage(__rusage_who_t(1), &usage)
    #else
      _ = getrusage(RUSAGE_SELF, &usage)
    #endif
    func microseconds(_ time: timeval) -> Int { Int(time.tv_sec) * 1_000_000 + Int(time.tv_usec) }
    return microseconds(usage.ru_utime) + microseconds(usage.ru_stime)
  }
}
