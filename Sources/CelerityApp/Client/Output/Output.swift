import CelerityCore
import CelerityJSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a verb writes: data to standard output, all else to standard error.
struct Output: Sendable {
  let terminal: Terminal
  let environment: [String: String]
  /// Whether data is written as JSON.
  let isJSON: Bool

  /// The terminal's columns at this moment.
  var columns: Int { Terminal.columns(environment: environment) }

  /// Whether people read the data: a terminal, and no JSON asked for.
  var isForPeople: Bool { terminal.isOutputTerminal && !isJSON }

  // MARK: Data

  /// JSON as it came: laid out for reading on a terminal, on one line in a pipe.
  func json(_ value: RawJSON) throws(ClientError) {
    try line(terminal.isOutputTerminal ? JSONText.pretty(value) : JSONText.line(value, escaping: false))
  }

  /// JSON on one line, for streams of values.
  func jsonLine(_ value: RawJSON) throws(ClientError) {
    try line(JSONText.line(value, escaping: terminal.isOutputTerminal))
  }

  /// A table: aligned on a terminal, tab-separated in a pipe. Without rows a terminal gets `empty` on standard error.
  func table(_ table: Table, empty: String) throws(ClientError) {
    guard terminal.isOutputTerminal else {
      try lines(table.tabSeparated)
      return
    }
    if table.rows.isEmpty {
      note(empty)
    } else {
      try lines(TableText(width: columns, colours: terminal.coloursOutput).lines(table))
    }
  }

  /// What is known of one thing: a name and a value on each line.
  func fields(_ fields: [(name: String, cell: Table.Cell)]) throws(ClientError) {
    guard terminal.isOutputTerminal else {
      try lines(fields.map { "\($0.name)\t\($0.cell.exact)" })
      return
    }
    let width = fields.reduce(0) { max($0, TextWidth.of($1.name)) }
    try lines(
      fields.map { name, cell in
        let heading = name.replacing("_", with: " ")
        let padding = String(repeating: " ", count: width - TextWidth.of(name) + 2)
        let colours = terminal.coloursOutput
        return Tone.faint.paint(heading, colours: colours) + padding + cell.tone.paint(cell.shown, colours: colours)
      })
  }

  /// Text of ours, or made safe before.
  func line(_ text: String) throws(ClientError) { try Self.put(text + "\n", to: 1) }

  /// Several lines at once.
  func lines(_ lines: [String]) throws(ClientError) {
    guard !lines.isEmpty else { return }
    try Self.put(lines.joined(separator: "\n") + "\n", to: 1)
  }

  /// Text as it is.
  func text(_ text: String) throws(ClientError) { try Self.put(text, to: 1) }

  // MARK: Talk

  /// Something a person may want to know; never data.
  func note(_ text: String) { try? Self.put(text + "\n", to: 2) }

  /// Text for standard error as it is, without a line break.
  func talk(_ text: String) { try? Self.put(text, to: 2) }

  private static func put(_ text: String, to descriptor: Int32) throws(ClientError) {
    var text = text
    let code = text.withUTF8 { bytes -> Int32 in
      var rest = UnsafeRawBufferPointer(bytes)[...]
      while !rest.isEmpty {
        let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EAGAIN {
          var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&wanted, 1, -1)
          continue
        }
        guard count >= 0 else { return errno }
        rest = rest.dropFirst(count)
      }
      return 0
    }
    guard code != 0, descriptor == 1 else { return }
    if code == EPIPE { endLikeWriterOfClosedPipe() }
    throw ClientError("can't write the output", cause: String(cString: strerror(code)), status: .failed)
  }

  /// Nobody reads any more (`celerity events | head`): end as every other program does, by the signal.
  private static func endLikeWriterOfClosedPipe() -> Never {
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
    _exit(ExitStatus.failed.rawValue)
  }
}
