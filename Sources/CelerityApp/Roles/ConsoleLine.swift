#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes to standard output at once: `print` would keep lines in a buffer when the output is a pipe.
enum ConsoleLine {
  static func write(_ text: String) { put(text, to: 1) }

  static func error(_ text: String) { put(text, to: 2) }

  static func end(status: Int32) -> Never { _exit(status) }

  static var isErrorTerminal: Bool { isatty(2) == 1 }

  private static func put(_ text: String, to descriptor: Int32) {
    let bytes = Array((text + "\n").utf8)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }  // nobody reads any more
      rest = rest.dropFirst(count)
    }
  }
}

/// How long this process has lived, from the kernel's own record of its start.
enum ProcessAge {
  static func seconds() -> Double? {
    guard let file = fopen("/proc/self/stat", "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = fread(&buffer, 1, buffer.count, file)
    let text = String(decoding: buffer[..<count], as: UTF8.self)
    // Fields after the command's closing parenthesis; the start time is number 22 of proc(5), in clock ticks.
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let ticks = Double(fields[19]) else { return nil }
    var now = timespec()
    clock_gettime(CLOCK_BOOTTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
