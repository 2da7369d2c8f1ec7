import CelerityCore
import CelerityRoutes

/// Why a task is a dead letter.
enum DeadReason: String, Sendable, CaseIterable {
  /// Its last attempt failed.
  case failed
  /// Its process died again and again.
  case poison
  /// No worker could run it, or its code said that it can never succeed.
  case rejected
  /// It did not start before its expiry.
  case expired

  /// The reason that a client names.
  init(_ text: String) throws(RouteError) {
    guard let reason = DeadReason(rawValue: text) else {
      let words = DeadReason.allCases.map(\.rawValue)
      let guess = closestMatch(to: text, among: words).map { "did you mean '\($0)'?" }
      throw .invalidParameter("reason", "'\(text)' is none", hint: guess ?? "reasons: \(words.joined(separator: ", "))")
    }
    self = reason
  }

  /// A filter that lets only this reason through, and what another one does.
  func filter(and search: String?, _ time: any TimeSource) throws(RouteError) -> TaskFilter {
    let own = "reason:" + rawValue
    let other = search.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    // A fault is told at its place in what the client wrote, not in what is made of it.
    if let other { _ = try RecordListing.filter(other, time) }
    return try RecordListing.filter(other.map { "\(own) (\($0))" } ?? own, time)
  }
}
