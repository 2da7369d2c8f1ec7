import CelerityCore
import CelerityJSON

/// How far a task is, as its code reported it: `{"current", "total", "message"}` by custom, or anything else.
struct TaskProgress: Sendable, Hashable {
  /// From 0 to 1; `nil` when the report names no total.
  var fraction: Double?
  var message: String?

  init(fraction: Double? = nil, message: String? = nil) {
    self.fraction = fraction
    self.message = message
  }

  /// Reads a report.
  init?(_ report: RawJSON?) {
    guard let report, !report.isNull else { return nil }
    if report.kind == .number {
      self.init(fraction: report.doubleValue.flatMap { (0...1).contains($0) ? $0 : nil }, message: report.description)
      return
    }
    guard report.kind == .object else {
      self.init(message: report.stringValue ?? JSONText.line(report, escaping: true))
      return
    }
    let current = report["current"]?.doubleValue
    let total = report["total"]?.doubleValue
    self.init(message: report["message"]?.stringValue ?? report["status"]?.stringValue)
    if let current, let total, total > 0, current.isFinite {
      fraction = min(1, max(0, current / total))
    } else if message == nil {
      message = JSONText.line(report, escaping: true)
    }
  }

  /// `52 %`, when that is known.
  var percent: String? { fraction.map { "\(Int(($0 * 100).rounded(.down))) %" } }

  /// `52 %  third of five`, safe to be shown.
  var text: String { [percent, message.map(SafeText.line)].compactMap(\.self).joined(separator: "  ") }
}

/// Estimates when a task will have ended, from how fast it has gone since it was first seen.
struct ProgressEstimate: Sendable, Hashable {
  private var first: (fraction: Double, at: Duration)?
  private var last: (fraction: Double, at: Duration)?

  /// Takes note of how far it is at a moment of monotone time. Going back means that it has begun anew.
  mutating func note(_ fraction: Double, at moment: Duration) {
    if first == nil || fraction < (last?.fraction ?? 0) { first = (fraction, moment) }
    last = (fraction, moment)
  }

  /// The time that is left at a moment; `nil` while nothing can be said.
  func remaining(at moment: Duration) -> Duration? {
    guard let first, let last, last.fraction > first.fraction, last.at > first.at else { return nil }
    let speed = (last.fraction - first.fraction) / (last.at - first.at).inSeconds
    let left = (1 - last.fraction) / speed - (moment - last.at).inSeconds
    return Duration(clientSeconds: max(0, left))
  }

  static func == (a: ProgressEstimate, b: ProgressEstimate) -> Bool {
    a.first?.fraction == b.first?.fraction && a.first?.at == b.first?.at && a.last?.fraction == b.last?.fraction
      && a.last?.at == b.last?.at
  }

  func hash(into hasher: inout Hasher) { hasher.combine(last?.fraction) }
}

/// One line that says how far a task is.
struct ProgressLine: Sendable {
  var task: String
  var state: String
  var progress: TaskProgress?
  var elapsed: Duration
  var remaining: Duration?

  private static let barWidths = 8...30

  /// The line for a terminal, never wider than it.
  func drawn(columns: Int, colours: Bool) -> String {
    let tail = details(hasBar: progress?.fraction != nil)
    let head = "\(SafeText.line(task))  "
    let stateText = SafeText.line(state)
    guard let fraction = progress?.fraction else {
      return paint(TextWidth.fit(head + stateText + tail, columns: max(0, columns)), stateText, colours)
    }
    // Blanks around the bar take four columns; the message gives way to the bar, and the name to both.
    let fixed = TextWidth.of(stateText) + 4
    let free = columns - fixed - TextWidth.of(head) - TextWidth.of(tail)
    let width = min(Self.barWidths.upperBound, max(Self.barWidths.lowerBound, free))
    let text = head + stateText + "  " + Self.bar(fraction, width: width) + tail
    return paint(TextWidth.fit(text, columns: max(0, columns)), stateText, colours)
  }

  /// The line for a file or a pipe.
  var plain: String {
    "\(SafeText.line(task))  \(SafeText.line(state))" + details(hasBar: false)
  }

  private func details(hasBar: Bool) -> String {
    var parts: [String] = []
    if let percent = progress?.percent { parts.append(percent) }
    parts.append(HumanText.duration(elapsed))
    if let remaining { parts.append("about \(HumanText.duration(remaining)) left") }
    if let message = progress?.message, !message.isEmpty { parts.append(SafeText.line(message)) }
    return "  " + parts.joined(separator: "  ")
  }

  private func paint(_ line: String, _ state: String, _ colours: Bool) -> String {
    guard colours, let range = line.firstRange(of: state) else { return line }
    return line.replacingCharacters(in: range, with: Tone(state: state).paint(state, colours: true))
  }

  /// A bar of blocks.
  static func bar(_ fraction: Double, width: Int) -> String {
    let full = Int((min(1, max(0, fraction)) * Double(width)).rounded(.down))
    return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
  }
}

extension String {
  /// The text with a part replaced.
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
