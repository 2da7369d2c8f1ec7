#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Processes that have left the group of their run, as browsers and office programs do, and would outlive it. They are known
/// by the TMPDIR that they were started with (proc_pid_environ(5)).
enum StrayProcesses {
  private static let rounds = 400
  private static let pause: UInt32 = 5000
  /// How often it is looked again because of processes that show no environment. One that is being started shows none for a
  /// moment; there are also those that have none.
  private static let unclearRounds = 10

  /// Kills those whose directory is this one or lies in it, and returns when they are gone.
  static func kill(under path: String) {
    #if os(Linux)
      // A killed process takes a moment to go, and may have started another one before.
      var patience = unclearRounds
      for _ in 0..<rounds {
        let (found, isUnclear) = look(under: path)
        if found.isEmpty {
          if !isUnclear || patience == 0 { return }
          patience -= 1
        }
        for process in found { killProcess(process) }
        usleep(pause)
      }
    #endif
  }

  /// Processes whose directory is this one or lies in it.
  static func processes(under path: String) -> [pid_t] { look(under: path).found }

  /// Processes whose directory is this one or lies in it, and whether there are others of which that can't be said.
  private static func look(under path: String) -> (found: [pid_t], isUnclear: Bool) {
    let mark = Array("TMPDIR=\(path)".utf8)
    let own = getpid()
    var found: [pid_t] = []
    var isUnclear = false
    for case let process? in DirectoryTree.names(in: "/proc").map({ pid_t($0) }) where process != own {
      let environment = environment(of: process)
      if environment.isEmpty { isUnclear = isUnclear || runsFile(process) }
      let isUnder = environment.split(separator: 0).contains { variable in
        variable.starts(with: mark)
          && (variable.count == mark.count || variable[variable.startIndex + mark.count] == 0x2F)
      }
      if isUnder { found.append(process) }
    }
    return (found, isUnclear)
  }

  /// Whether a process runs a program: neither the kernel's own nor those that have ended do.
  private static func runsFile(_ process: pid_t) -> Bool {
    var byte: CChar = 0
    return readlink("/proc/\(process)/exe", &byte, 1) > 0
  }

  private static func environment(of process: pid_t) -> [UInt8] {
    let file = open("/proc/\(process)/environ", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while bytes.count < 1 << 18, case let count = read(file, &buffer, buffer.count), count > 0 {
      bytes += buffer[..<count]
    }
    return bytes
  }

  private static func killProcess(_ process: pid_t) {
    #if canImport(Glibc)
      _ = Glibc.kill(process, SIGKILL)
    #elseif canImport(Musl)
      _ = Musl.kill(process, SIGKILL)
    #elseif canImport(Darwin)
      _ = Darwin.kill(process, SIGKILL)
    #endif
  }
}
