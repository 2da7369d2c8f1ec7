import ArgumentParser
import CelerityCore

/// A length of time on the command line: seconds, or numbers with units, `90`, `1.5`, `500ms`, `5m`, `1h30m`, `2d`.
struct TimeSpan: ExpressibleByArgument, Sendable, Hashable {
  let duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  init?(argument: String) {
    if let seconds = Double(argument), argument.first != "+" {
      guard seconds >= 0, let duration = Duration(clientSeconds: seconds) else { return nil }
      self.duration = duration
      return
    }
    var total = 0.0
    var rest = Substring(argument.lowercased())
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let count = Double(number), let seconds = Self.units[String(unit)] else { return nil }
      total += count * seconds
    }
    guard let duration = Duration(clientSeconds: total) else { return nil }
    self.duration = duration
  }

  private static let units = ["ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800]

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
