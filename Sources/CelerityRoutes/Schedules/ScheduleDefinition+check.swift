import CelerityCore
import CelerityCron
import CelerityJSON

/// Everything that makes a definition unfit, each with the field it is about.
public struct ScheduleDefinitionError: Error, Sendable, Hashable, CustomStringConvertible {
  public var issues: [RouteError.Issue]

  /// An error with its issues.
  public init(_ issues: [RouteError.Issue]) { self.issues = issues }

  /// All of it on one line, without pointers' slashes.
  public var description: String {
    issues.map { $0.pointer.isEmpty ? $0.detail : "\($0.pointer.dropFirst()) \($0.detail)" }.joined(separator: "; ")
  }
}

extension RouteError {
  /// A schedule definition that is not fit: 422 with a pointer for each issue.
  public init(schedule error: ScheduleDefinitionError) {
    self.init(422, "invalid-schedule", "the schedule is not usable: \(error)", issues: error.issues)
  }
}

extension ScheduleDefinition {
  static let longestName = 200

  /// Whether a text can name a definition: 1 to 200 bytes of `A-Z a-z 0-9 . _ - :`.
  public static func isLegal(name: String) -> Bool {
    (1...longestName).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || ".:_-".utf8.contains(byte)
      }
  }

  static func issues(ofName name: String) -> [RouteError.Issue] {
    isLegal(name: name)
      ? []
      : [RouteError.Issue(pointer: "/name", detail: "must have 1 to \(longestName) characters of A-Z a-z 0-9 . _ - :")]
  }

  /// What is wrong with the fields.
  var issues: [RouteError.Issue] {
    var issues: [RouteError.Issue] = []
    func check(_ isFit: Bool, _ field: String, _ detail: String) {
      if !isFit { issues.append(RouteError.Issue(pointer: "/" + field, detail: detail)) }
    }
    // What is stored is the text: a value that no text stands for would come back as another, or not at all.
    check((try? Schedule(schedule.description)) == schedule, "schedule", "is never due or can't be written down")
    check((1...255).contains(task.utf8.count) && !task.utf8.contains(0), "task", "must have 1 to 255 bytes and no NUL")
    check(args.elements() != nil, "args", "must be an array")
    check(kwargs.members() != nil, "kwargs", "must be an object")
    check(QueueKey.isLegal(name: queue), "queue", "must have 1 to 200 bytes, no control characters and no '/'")
    return issues
  }
}
