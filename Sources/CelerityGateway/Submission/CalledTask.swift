import CelerityJSON

/// A task that a submission names in a link or a step.
struct CalledTask: Sendable {
  /// Where it does, a JSON pointer into the body.
  var pointer: String
  var task: String
  var args: RawJSON
  var kwargs: RawJSON
  /// Whether it stands in a link, which is a part of another task.
  var isLinked: Bool
  /// Whether a result will be put before its arguments: then they can't be checked as a call.
  var takesResult: Bool
}
