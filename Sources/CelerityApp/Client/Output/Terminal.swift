#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What standard output and standard error are connected to.
struct Terminal: Sendable, Hashable {
  /// Whether data goes to a terminal.
  var isOutputTerminal: Bool
  /// Whether notes and errors go to a terminal.
  var isErrorTerminal: Bool
  /// Whether there is somebody to ask.
  var isInputTerminal: Bool
  /// Whether the terminal can move its cursor.
  var canRedraw: Bool
  /// Whether colours are wanted where there is a terminal.
  var allowsColour: Bool

  /// When colours are used.
  enum ColourChoice: String, Sendable, CaseIterable {
    case auto, always, never
  }

  /// The terminal of this process. https://no-color.org says what `NO_COLOR` means: set and not empty.
  static func current(colour: ColourChoice, environment: [String: String]) -> Terminal {
    let isDumb = environment["TERM"] == "dumb"
    let isRefused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return Terminal(
      isOutputTerminal: isatty(1) == 1, isErrorTerminal: isatty(2) == 1, isInputTerminal: isatty(0) == 1,
      canRedraw: isatty(2) == 1 && !isDumb,
      allowsColour: colour == .always || colour == .auto && !isDumb && !isRefused)
  }

  /// Whether data is coloured; tab-separated values in a pipe never are.
  var coloursOutput: Bool { isOutputTerminal && allowsColour }

  /// The terminal's columns at this moment; `COLUMNS` where it can't be asked, 80 where nothing is known.
  static func columns(environment: [String: String]) -> Int {
    var size = winsize()
    for descriptor in [Int32(1), 2] where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
  }
}
