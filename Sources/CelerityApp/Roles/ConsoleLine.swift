import CelerityCore

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

/// How long this program has run. Not the age of the process: `exec` keeps that of the build before it.
enum ProcessAge {
  static let start = ContinuousClock.now

  static func seconds() -> Double { (ContinuousClock.now - start).inSeconds }
}
