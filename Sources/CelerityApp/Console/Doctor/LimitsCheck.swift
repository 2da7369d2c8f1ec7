#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the system allows this process: open files, memory, cores.
enum LimitsCheck {
  static func findings(_ settings: ResolvedSettings) -> [Finding] { [files] + memory + [cores(settings)] }

  /// Each connection of a client takes one; the store, logs and the runtime some two dozen.
  private static var files: Finding {
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    guard getrlimit(resource, &limit) == 0 else { return .ok("open files", "no limit is known") }
    let count = limit.rlim_cur > 1 << 30 ? "without limit" : "up to \(HumanText.grouped(limit.rlim_cur))"
    let text = "\(count) at once"
    let fix = "ulimit -n 65536, or LimitNOFILE=65536 in the unit of systemd"
    switch limit.rlim_cur {
    case ..<128: return .error("open files", text + ": too few to serve anybody", fix: fix)
    case ..<1024: return .warning("open files", text + ": connections beyond that are refused", fix: fix)
    default: return .ok("open files", text)
    }
  }

  private static var memory: [Finding] {
    guard let limit = ControlGroup.memoryLimit ?? available else { return [] }
    let text =
      "\(ByteCountText.short(limit)) \(ControlGroup.memoryLimit == nil ? "available" : "allowed by the control group")"
    let fix = "give it 256 MiB or more"
    if limit < 96 << 20 { return [.error("memory", text + ": too little to run", fix: fix)] }
    if limit < 256 << 20 { return [.warning("memory", text, fix: fix)] }
    return [.ok("memory", text)]
  }

  /// What the system could hand out without swapping.
  private static var available: UInt64? {
    guard let text = SmallFile.text("/proc/meminfo"),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kilobytes = UInt64(line.filter(\.isNumber))
    else { return nil }
    return kilobytes << 10
  }

  private static func cores(_ settings: ResolvedSettings) -> Finding {
    let slots = SlotChoice(settings)
    let text = "\(HumanText.count(slots.cores, "core")), \(slots.count) tasks at once"
    if let quota = ControlGroup.cores, quota < Double(slots.count) * 0.5 {
      return .warning(
        "cores",
        "\(text), but the control group allows \(quota.formatted) cores: the process is stopped again and again",
        fix: "set worker.concurrency to \(max(1, Int(quota.rounded())))")
    }
    guard let warning = slots.warning else { return .ok("cores", text) }
    return .warning("cores", "\(text): \(warning)", fix: "set worker.concurrency to 0, or leave it where tasks wait")
  }
}

/// Limits of the control group this process is in, version 2 or 1 (cgroups(7)).
enum ControlGroup {
  static var memoryLimit: UInt64? {
    let text = value("memory.max", in: "") ?? value("memory.limit_in_bytes", in: "memory")
    // Version 1 spells "no limit" as the largest number of pages.
    return text.flatMap { UInt64($0) }.flatMap { $0 < 1 << 60 ? $0 : nil }
  }

  /// Cores' worth of time.
  static var cores: Double? {
    if let line = raw("cpu.max", in: "")?.split(separator: " "), line.count == 2 {
      return share(Double(line[0]), Double(line[1].filter(\.isNumber)))
    }
    return share(
      value("cpu.cfs_quota_us", in: "cpu").flatMap { Double($0) },
      value("cpu.cfs_period_us", in: "cpu").flatMap { Double($0) })
  }

  private static func share(_ quota: Double?, _ period: Double?) -> Double? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    return quota / period
  }

  private static func value(_ file: String, in controller: String) -> String? {
    raw(file, in: controller)?.filter { !$0.isWhitespace }
  }

  private static func raw(_ file: String, in controller: String) -> String? {
    guard let groups = SmallFile.text("/proc/self/cgroup") else { return nil }
    for line in groups.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 3, fields[1].split(separator: ",").contains(controller[...]) || fields[1] == controller
      else {
        continue
      }
      let root = "/sys/fs/cgroup" + (controller.isEmpty ? "" : "/\(controller)")
      for group in [fields[2], ""] {
        if let text = SmallFile.text("\(root)\(group == "/" ? "" : group)/\(file)") { return text }
      }
    }
    return nil
  }
}

extension Double {
  /// With one digit behind the point.
  fileprivate var formatted: String {
    let tenths = Int((self * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
