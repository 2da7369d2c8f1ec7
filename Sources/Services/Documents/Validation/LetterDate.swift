import CelerityCore

/// The day that a letter bears.
enum LetterDate {
  /// The day of a moment, in UTC, written out: `November 27, 2026`.
  static func text(_ moment: Timestamp) -> String {
    // The first ten characters of RFC 3339 are the date.
    let parts = moment.rfc3339.prefix(10).split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1...12).contains(parts[1]) else { return moment.rfc3339 }
    return "\(DocumentDate.monthNames[parts[1] - 1]) \(parts[2]), \(parts[0])"
  }
}
