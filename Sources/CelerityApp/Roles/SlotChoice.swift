#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many tasks a worker runs at once, and whether the machine is made for that.
struct SlotChoice {
  var cores: Int
  /// Tasks at once.
  var count: Int

  /// `asked` is a number of slots, or 0 for one a core.
  init(asked: Int, cores: Int) {
    self.cores = cores
    count = asked > 0 ? asked : cores
  }

  init(_ settings: ResolvedSettings) {
    self.init(asked: settings[Settings.concurrency], cores: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
  }

  /// What is said about far more slots than cores. No error, as it is right for tasks that wait for something else.
  var warning: String? {
    count > 4 * cores
      ? "more than four a core is for tasks that wait; those that compute slow each other down" : nil
  }
}
