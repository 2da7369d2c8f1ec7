import CelerityCore
import CelerityTasks

/// Why the provider gave no recommendations. Its text never holds the key: of what a provider says only one plain word is
/// repeated, because providers quote the keys they refuse.
struct ProviderError: Error, Sendable, Hashable, TaskFailureConvertible, CustomStringConvertible {
  enum Kind: String, Sendable, CaseIterable {
    /// It will not answer this, however often it is asked: the key, the model, the request.
    case refused = "ProviderRefused"
    /// It can't be asked as it is set up.
    case misconfigured = "ProviderMisconfigured"
    /// It may answer later.
    case unavailable = "ProviderUnavailable"
    /// What it answered holds no songs.
    case badAnswer = "ProviderAnswerError"

    var isLasting: Bool { self == .refused || self == .misconfigured }
  }

  var kind: Kind
  var message: String
  /// What the provider asked to wait for.
  var delay: Duration?

  init(_ kind: Kind, _ message: String, delay: Duration? = nil) {
    self.kind = kind
    self.message = message
    self.delay = delay
  }

  /// Types of failures that are not tried again.
  static let lasting = Set(Kind.allCases.filter(\.isLasting).map(\.rawValue))

  var description: String { message }

  var taskFailure: TaskFailure { TaskFailure(type: kind.rawValue, module: "recommendations", message: message) }
}
