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

  /// Kills those whose directory is this one or lies in it, and returns when they are gone.
  static func kill(under path: String) {
    #if os(Linux)
      // A killed process takes a moment to go, and may have started another one before.
      for _ in 0..<rounds {
        let found = processes(under: path)
        if found.isEmpty { return }
        for process in found { killProcess(process) }
        usleep(pause)
      }
    #endif
  }

  /// Processes whose directory is this one or lies in it.
  static func processes(under path: String) -> [pid_t] {
    let mark = Array("TMPDIR=\(path)".utf8)
    let own = getpid()
    return DirectoryTree.names(in: "/proc").compactMap { pid_t($0) }.filter { process in
      process != own
        && environment(of: process).split(separator: 0).contains { variable in
          variable.starts(with: mark)
            && (variable.count == mark.count || variable[variable.startIndex + mark.count] == 0x2F)
        }
    }
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
