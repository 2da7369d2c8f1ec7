/// What a verb's exit code says; documented in `docs/how-to/scripts.md`.
enum ExitStatus: Int32, Sendable, Hashable, CaseIterable {
  case ok = 0
  /// A task failed, or something for which there is no code of its own.
  case failed = 1
  /// The command line was wrong, or what it asked for.
  case usage = 2
  case notFound = 3
  /// Who asked may not.
  case denied = 4
  /// What is asked for contradicts what is.
  case conflict = 5
  /// Nobody answers.
  case unavailable = 69
  /// It may work a little later.
  case tryLater = 75
  /// What was waited for did not happen in time.
  case timedOut = 124
  case interrupted = 130
}

/// Why a verb failed: what happened, why, and what to type next.
struct ClientError: Error, Sendable, Hashable {
  var what: String
  var cause: String?
  var hint: String?
  var status: ExitStatus
  /// The stable code of the gateway's problem.
  var code: String?
  /// Whether something went wrong; not so when a person chose this end.
  var isFault = true
  /// Whether the lines may have colours.
  var isColoured = false

  /// An error in words that may hold text from elsewhere; it is made safe when shown.
  init(
    _ what: String, cause: String? = nil, hint: String? = nil, status: ExitStatus = .failed, code: String? = nil
  ) {
    self.what = what
    self.cause = cause
    self.hint = hint
    self.status = status
    self.code = code
  }

  /// The person pressed Ctrl-C.
  static let interrupted = ClientError.chosen("interrupted", status: .interrupted)

  /// An end that a person chose: told, and not called an error.
  static func chosen(_ what: String, hint: String? = nil, status: ExitStatus) -> ClientError {
    var error = ClientError(what, hint: hint, status: status)
    error.isFault = false
    return error
  }

  /// The lines that are shown.
  var lines: [String] {
    var lines = [(isFault ? "error: " : "", what), ("cause: ", cause ?? ""), ("try:   ", hint ?? "")]
      .filter { !$1.isEmpty }.map { label, text in
        // A second line stands under the first, so that the labels stay the only words at the margin.
        label + SafeText.lines(text).replacing("\n", with: "\n       ")
      }
    if let code, !what.contains(code) {
      lines[0] += " " + Tone.faint.paint("(\(SafeText.line(code)))", colours: isColoured)
    }
    return lines
  }
}
