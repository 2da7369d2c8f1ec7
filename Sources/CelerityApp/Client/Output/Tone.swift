import CelerityCore

/// What a text means, which a terminal may show by colour. The words alone say the same.
enum Tone: Sendable, Hashable {
  case plain, strong, faint, good, bad, busy, waiting

  /// The tone of a task's state.
  init(state: String) {
    switch TaskState(rawValue: state) {
    case .success: self = .good
    case .failure: self = .bad
    case .started, .progress, .received: self = .busy
    case .retry: self = .waiting
    case .pending: self = .plain
    case .revoked, nil: self = .faint
    }
  }

  /// The parameters of Select Graphic Rendition (ECMA-48, 8.3.117).
  private var parameters: String? {
    switch self {
    case .plain: nil
    case .strong: "1"
    case .faint: "2"
    case .good: "32"
    case .bad: "31"
    case .busy: "36"
    case .waiting: "33"
    }
  }

  /// The text in this tone.
  func paint(_ text: String, colours: Bool) -> String {
    guard colours, let parameters, !text.isEmpty else { return text }
    return "\u{1B}[\(parameters)m\(text)\u{1B}[0m"
  }
}
