#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The whole terminal, for as long as a verb needs it: another screen without cursor, keys as they are pressed. `leave`
/// puts everything back as it was and may be called twice.
///
/// The sequences are those of xterm, which every terminal in use understands.
final class FullScreen {
  private var saved = termios()
  private(set) var isEntered = false

  /// Takes the terminal; false when there is none.
  func enter() -> Bool {
    guard !isEntered, tcgetattr(0, &saved) == 0 else { return isEntered }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
    guard tcsetattr(0, TCSAFLUSH, &raw) == 0 else { return false }
    isEntered = true
    put("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
    return true
  }

  func leave() {
    guard isEntered else { return }
    isEntered = false
    put("\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l")
    tcsetattr(0, TCSAFLUSH, &saved)
  }

  deinit { leave() }

  /// Draws all lines from the top; the terminal shows them together (mode 2026, where it is known).
  func draw(_ lines: [String]) {
    let body = lines.map { $0 + "\u{1B}[0m\u{1B}[K" }.joined(separator: "\r\n")
    put("\u{1B}[?2026h\u{1B}[H" + body + "\u{1B}[J\u{1B}[?2026l")
  }

  /// Columns and lines at this moment.
  static func size() -> (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  private func put(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)[...]
      while !rest.isEmpty {
        let count = write(1, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR || errno == EAGAIN { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }
}
