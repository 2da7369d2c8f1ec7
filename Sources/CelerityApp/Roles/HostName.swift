#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The machine's name and this process's number, as names of workers and servers are made of them.
struct HostName: Sendable, Hashable {
  var name: String
  var process: Int32

  static var current: HostName {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return HostName(name: "localhost", process: getpid()) }
    let bytes = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    return HostName(name: String(decoding: bytes, as: UTF8.self), process: getpid())
  }

  /// A worker's name as Celery expands it (celery/utils/nodenames.py): `%h` is the host, `%n` its part before the first
  /// dot, `%d` the rest, `%%` a percent sign. A name without `@` is a host: `w1` is `celery@w1`.
  func workerName(_ pattern: String) -> String {
    let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let letters: [Character: String] = [
      "h": name, "n": String(parts[0]), "d": parts.count > 1 ? String(parts[1]) : "", "%": "%",
    ]
    var text = ""
    var rest = pattern[...]
    while let character = rest.popFirst() {
      guard character == "%", let letter = rest.first, let value = letters[letter] else {
        text.append(character)
        continue
      }
      rest.removeFirst()
      text += value
    }
    if text.hasPrefix("@") { return "celery" + text }
    return text.contains("@") ? text : "celery@" + text
  }

  /// A server's name: `%h` is the host, `%p` the number of the process.
  func serverName(_ pattern: String) -> String {
    pattern.replacing("%h", with: name).replacing("%p", with: String(process))
  }
}
