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
    // If it can't be written, nobody reads any more.
    _ = writeAll(Array((text + "\n").utf8), to: descriptor)
  }
}

/// How long this program has run. Not the age of the process: `exec` keeps that of the build before it.
enum ProcessAge {
  static let start = ContinuousClock.now

  static func seconds() -> Double { (ContinuousClock.now - start).inSeconds }
}
