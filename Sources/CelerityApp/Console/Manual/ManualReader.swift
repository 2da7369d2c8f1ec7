import CelerityCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Shows the manual to a person: with the system's own program for that where there is one, otherwise as plain text.
enum ManualReader {
  static func show() {
    if page(ManualPage.text) { return }
    ConsoleLine.write(plain)
  }

  /// The help of every verb, one below the other.
  static var plain: String {
    Verb.root.all.map { HelpPage($0).text }.joined(separator: "\n\n" + String(repeating: "─", count: 40) + "\n\n")
  }

  /// Whether man(1) has shown it. It is given a file and not a pipe, since its pager ends when the person wants.
  private static func page(_ text: String) -> Bool {
    var name = Array("/tmp/celerity-manual-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return false }
    let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { unlink(path) }
    let isWritten = writeAll(Array((text + "\n").utf8), to: descriptor)
    close(descriptor)
    guard isWritten, let status = run(["man", "-l", path]) else { return false }
    return status == 0
  }

  /// Runs a program of the path on this terminal; `nil` when it is not there or a signal ended it.
  private static func run(_ words: [String]) -> Int32? {
    var pid = pid_t()
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    arguments.append(nil)
    guard posix_spawnp(&pid, words[0], nil, nil, arguments, environ) == 0 else { return nil }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 { if errno != EINTR { return nil } }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
  }
}
