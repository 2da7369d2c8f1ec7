import CelerityTasks

/// What can be set for the service.
enum MessageSettings {
  static let shortestText = ServiceSetting(
    "messages.shortest_text", 1...1000, default: 1,
    "Fewest characters (grapheme clusters) of a message, white space at its ends left out; shorter ones are refused with 422."
  )

  static let longestText = ServiceSetting(
    "messages.longest_text", 1...100_000, default: 10_000,
    "Most characters (grapheme clusters) of a message; longer ones are refused with 422.")

  static let refusesDigits = ServiceSetting(
    "messages.refuses_digits", default: false,
    "Whether a message of nothing but digits, spaces and signs is refused with 422.")

  static let intakePatience = ServiceSetting(
    "messages.intake_timeout", default: Duration.milliseconds(900),
    "How long POST /messages tries to store and queue a message before it answers 503.")

  static let retention = ServiceSetting(
    "messages.retention", default: Duration.zero,
    "How long messages, log entries and alerts are kept; 0 keeps them for ever. Counts of users stay.")

  static let all: [any AnyServiceSetting] = [shortestText, longestText, refusesDigits, intakePatience, retention]
}
