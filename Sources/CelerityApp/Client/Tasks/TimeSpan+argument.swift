import ArgumentParser
import CelerityCore

extension TimeSpan: ExpressibleByArgument {
  /// As ArgumentParser shows a default.
  var defaultValueDescription: String { HumanText.duration(duration) }
}

/// A moment on the command line: a length of time from now, a time of RFC 3339, or a date, which is its midnight in UTC.
enum Moment: ExpressibleByArgument, Sendable, Hashable {
  case span(TimeSpan)
  case time(String)

  init?(argument: String) {
    if let span = TimeSpan(argument: argument) {
      self = .span(span)
    } else if let time = Timestamp(argument) ?? Timestamp(argument + "T00:00:00Z") {
      // As people write it: without a zone it is UTC, as everywhere in the API.
      self = .time(time.rfc3339)
    } else {
      return nil
    }
  }
}

/// How long to wait for a task's end.
struct WaitLimit: ExpressibleByArgument, Sendable, Hashable, CustomStringConvertible {
  /// `nil`: as long as it takes.
  let duration: Duration?

  /// As long as it takes.
  static let none = WaitLimit(duration: nil)
  private static let word = "forever"

  init(duration: Duration?) { self.duration = duration }

  init?(argument: String) {
    if argument == Self.word {
      self = .none
    } else if let span = TimeSpan(argument: argument) {
      self.init(duration: span.duration)
    } else {
      return nil
    }
  }

  /// What is wrong with the value of a `--wait=…`. The parser takes the default for one that it can't read, and a task
  /// would be submitted that nobody meant so.
  static func refusal(in words: [String]) -> ClientError? {
    for (index, word) in words.prefix(while: { $0 != "--" }).enumerated() where word.hasPrefix("--wait=") {
      let value = String(word.dropFirst(7))
      guard WaitLimit(argument: value) == nil else { continue }
      let number = value.prefix { $0.isASCII && $0.isNumber }
      var meant = words
      meant[index] = "--wait=" + (number.isEmpty ? "10" : number + "s")
      return ClientError(
        "--wait can't be '\(SafeText.line(value))'",
        cause:
          "it is a length of time: seconds, or with units as 500ms, 90s, 5m, 1h30m; alone it is as long as it takes",
        hint: CommandLineParse.accepts(meant) ? CommandLineParse.line(meant) : "--wait=10s", status: .usage)
    }
    return nil
  }

  var description: String { duration.map(HumanText.duration) ?? Self.word }

  /// `--wait` may stand without a value. What follows it is its value only when it is a length of time, so that
  /// `--wait finance.compound_interest` means what it looks like.
  static func joined(_ words: [String]) -> [String] {
    var result: [String] = []
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" { return result + words[(index - 1)...] }
      guard word == "--wait" else {
        result.append(word)
        continue
      }
      if index < words.count, TimeSpan(argument: words[index]) != nil {
        result.append("--wait=" + words[index])
        index += 1
      } else {
        result.append("--wait=" + Self.word)
      }
    }
    return result
  }
}
