import CelerityCore
import CelerityJSON

extension ControlDesk {
  private func knows(_ task: String?) -> Bool { view.report.kinds.contains { $0.name == task } }

  func limitRate(_ arguments: ControlArguments) -> ControlAnswer {
    let rate: TaskRate?
    switch RateText(arguments["rate_limit"]) {
    case .off: rate = nil
    case .rate(let value): rate = value
    case .invalid(let reason): return .refused("Invalid rate limit string: \(reason)")
    }
    guard let task = arguments.text("task_name"), knows(task) else { return .refused("unknown task") }
    return .ok(
      rate == nil ? "rate limit disabled successfully" : "new rate limit set successfully",
      .limitRate(task: task, rate))
  }

  func limitTime(_ arguments: ControlArguments) -> ControlAnswer {
    guard let task = arguments.text("task_name"), knows(task) else { return .refused("unknown task") }
    let limits = ["hard", "soft"].map { arguments.number($0).flatMap(Duration.init(clientSeconds:)) }
    return .ok("time limits set successfully", .limitTime(task: task, hard: limits[0], soft: limits[1]))
  }

  func resize(_ arguments: ControlArguments, sign: Int) -> ControlAnswer {
    let isAsked = arguments["n"] != nil
    guard let number = isAsked ? arguments.integer("n") : 1, number.magnitude <= 100_000 else {
      return .raised("TypeError", "'n' is no number of slots")
    }
    let slots = view.report.slots + sign * number
    guard slots >= 1 else { return .raised("ValueError", "Can't shrink pool. All processes busy!") }
    return .ok(sign > 0 ? "pool will grow" : "pool will shrink", .scale(to: slots))
  }
}

/// A rate as people write it: `10/m`, `100`, `0.5/s`, per second unless they say so; nothing and 0 are no limit.
enum RateText: Sendable, Hashable {
  case off
  case rate(TaskRate)
  /// The repr of Python's exception.
  case invalid(String)

  private static let units: [Substring: Double] = ["s": 1, "m": 60, "h": 3600]

  init(_ value: RawJSON?) {
    guard let value, !value.isNull else {
      self = .off
      return
    }
    let text = value.stringValue ?? value.description
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard !text.isEmpty, let first = parts.first else {
      self = .off
      return
    }
    let digits = String(first).trimming()
    guard let number = Double(digits), number.isFinite else {
      let message = "could not convert string to float: \(PythonRepr.string(String(first)))"
      self = .invalid("ValueError(\(PythonRepr.string(message)))")
      return
    }
    let unit = parts.count > 1 && !parts[1].isEmpty ? parts[1] : "s"
    guard let seconds = Self.units[unit] else {
      self = .invalid("KeyError(\(PythonRepr.string(String(unit))))")
      return
    }
    self = TaskRate(perSecond: number / seconds, text: text).map(RateText.rate) ?? .off
  }
}

extension String {
  fileprivate func trimming() -> String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
