import CelerityCore
import CelerityCron

/// A schedule that the gateway could not read, explained with the person's own line put right.
enum ScheduleMistake {
  /// The error in one sentence and a line to type; any other error as it is.
  static func explained(_ error: ClientError, _ text: String?, words: [String]) -> ClientError {
    guard error.code == "invalid-schedule", let text, let fault = fault(of: text) else { return error }
    let line = mended(text).map { meant in
      words.map { $0 == text ? meant : $0.replacing("=\(text)", with: "=\(meant)") }
    }
    return ClientError(
      "the schedule '\(text)' can't be read: \(fault.message), at character \(fault.position + 1)",
      hint: line.flatMap { CommandLineParse.accepts($0) ? CommandLineParse.line($0) : nil } ?? fault.hint,
      status: error.status, code: error.code)
  }

  private static func fault(of text: String) -> CronError? {
    do {
      _ = try Schedule(text)
      return nil
    } catch {
      return error
    }
  }

  /// `5m` as `every 5 minutes`, `@every 5m` likewise.
  static func mended(_ text: String) -> String? {
    let period = text.hasPrefix("@every ") ? String(text.dropFirst(7)) : text
    // A bare number could be minutes as well as seconds.
    guard period.contains(where: \.isLetter), let schedule = try? Schedule("every " + period) else { return nil }
    return schedule.words
  }
}
