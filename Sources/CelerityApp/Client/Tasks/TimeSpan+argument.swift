import ArgumentParser
import CelerityCore

extension TimeSpan: ExpressibleByArgument {
  /// As ArgumentParser shows a default.
  var defaultValueDescription: String { HumanText.duration(duration) }
}

/// A moment on the command line: a length of time from now, or a time of RFC 3339.
enum Moment: ExpressibleByArgument, Sendable, Hashable {
  case span(TimeSpan)
  case time(String)

  init?(argument: String) {
    if let span = TimeSpan(argument: argument) {
      self = .span(span)
    } else if let time = Timestamp(argument) {
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
