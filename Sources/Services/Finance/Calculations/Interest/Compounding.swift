/// How often interest is added to a balance.
public enum Compounding: String, CaseIterable, Codable, Sendable {
  case annual, semiannual, quarterly, monthly, daily, continuous

  /// How many times a year; `nil` for continuous.
  public var periodsPerYear: Int? {
    switch self {
    case .annual: 1
    case .semiannual: 2
    case .quarterly: 4
    case .monthly: 12
    case .daily: 365
    case .continuous: nil
    }
  }

  /// The convention with a name for a number of periods, when there is one.
  init?(periodsPerYear: Int) {
    guard let named = Self.allCases.first(where: { $0.periodsPerYear == periodsPerYear }) else { return nil }
    self = named
  }
}
