import CelerityCore
import CelerityJSON

/// The service's three words for the platform's ten priorities.
enum PriorityBand: String, CaseIterable {
  case high, medium, low

  /// A word of a client; `normal` is another one for medium.
  init?(word: String) {
    guard let band = word == "normal" ? .medium : PriorityBand(rawValue: word) else { return nil }
    self = band
  }

  /// The band of a priority; an absent one is the neutral one.
  init(_ priority: Priority?) {
    let value = priority ?? .normal
    self = Self.allCases.first { $0.priorities.contains(value) } ?? .medium
  }

  /// What a submission with this word gets.
  var priority: Priority {
    switch self {
    case .high: .high
    case .medium: .normal
    case .low: .low
    }
  }

  /// The priorities that are shown as this word.
  var priorities: ClosedRange<Priority> {
    switch self {
    case .high: Self.range(7, 9)
    case .medium: Self.range(4, 6)
    case .low: Self.range(0, 3)
    }
  }

  private static func range(_ lowest: Int, _ highest: Int) -> ClosedRange<Priority> {
    (Priority(lowest) ?? .normal)...(Priority(highest) ?? .normal)
  }

  /// The words as a schema has them.
  static let values = allCases.map { RawJSON.string($0.rawValue) }
}
