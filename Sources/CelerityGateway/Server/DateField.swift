import CelerityCore
import Synchronization

/// The value of the `Date` field (RFC 9110, 5.6.7: `Sat, 21 Nov 2026 06:35:54 GMT`), written anew when the second has
/// changed and somebody asks.
final class DateField: Sendable {
  private struct Written {
    var second: Int64
    var text: String
  }

  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private let time: any TimeSource
  private let written = Mutex(Written(second: .min, text: ""))

  init(time: any TimeSource) { self.time = time }

  var value: String {
    let now = time.now
    return written.withLock { written in
      if written.second != now.wholeSeconds {
        written = Written(second: now.wholeSeconds, text: Self.text(now))
      }
      return written.text
    }
  }

  /// The first day of the epoch was a Thursday.
  static func text(_ moment: Timestamp) -> String {
    let day = Int((moment.wholeSeconds - moment.wholeSeconds % 86_400) / 86_400 % 7 + 7) % 7
    let parts = Array(moment.rfc3339)
    let month = Int(String(parts[5..<7])).map { months[$0 - 1] } ?? ""
    return "\(weekdays[day]), \(String(parts[8..<10])) \(month) \(String(parts[..<4])) \(String(parts[11..<19])) GMT"
  }
}
