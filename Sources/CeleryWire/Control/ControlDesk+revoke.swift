import CelerityCore
import CelerityJSON

extension ControlDesk {
  func revoke(_ arguments: ControlArguments) -> ControlAnswer {
    let ids = arguments.texts("task_id")
    guard arguments.flag("terminate") else {
      return .ok("tasks \(Self.set(ids)) flagged as revoked", .revoke(ids))
    }
    guard let signal = Self.signal(arguments["signal"]) else { return Self.unknownSignal(arguments["signal"]) }
    return terminate(ids, signal)
  }

  func terminate(_ arguments: ControlArguments) -> ControlAnswer {
    guard let signal = Self.signal(arguments["signal"]) else { return Self.unknownSignal(arguments["signal"]) }
    return terminate(arguments.texts("task_id"), signal)
  }

  private func terminate(_ ids: [String], _ signal: Int) -> ControlAnswer {
    let held = Set(view.report.held.map(\.message.id.text))
    let here = ids.filter(held.contains)
    let text = here.isEmpty ? "tasks unknown" : here.joined(separator: ", ")
    return .ok("terminate: \(text)", .revoke(ids), .terminate(here, signal: signal))
  }

  /// By stamps: `{"name": value or values}`, or a list of `name=value`.
  func revokeStamped(_ arguments: ControlArguments) -> ControlAnswer {
    guard let signal = Self.signal(arguments["signal"]) else { return Self.unknownSignal(arguments["signal"]) }
    let headers = Self.headers(arguments)
    guard let headers else { return .raised("AttributeError", "'str' object has no attribute 'items'") }
    let marks = headers.map { ControlAction.revokeStamped(header: $0.0, values: $0.1.values) }
    let shown = RawJSON.object(headers)
    guard arguments.flag("terminate") else {
      let text = "headers \(PythonRepr.value(shown)) flagged as revoked, but not terminated"
      return ControlAnswer(.object([("ok", .string(text))]), marks)
    }
    var hits: [(String, Set<String>)] = []
    var doomed: [String] = []
    for (header, value) in headers {
      let wanted = Set(value.values)
      for task in view.report.held {
        let found = wanted.intersection(task.message.extras.stamps?[header]?.values ?? [])
        guard !found.isEmpty else { continue }
        doomed.append(task.message.id.text)
        if let index = hits.firstIndex(where: { $0.0 == header }) {
          hits[index].1.formUnion(found)
        } else {
          hits.append((header, found))
        }
      }
    }
    guard !hits.isEmpty else {
      let text = "headers \(PythonRepr.value(shown)) were not terminated"
      return ControlAnswer(.object([("ok", .string(text))]), marks)
    }
    let mapping = hits.map { "\(PythonRepr.string($0.0)): \(Self.set($0.1.sorted()))" }.joined(separator: ", ")
    let text = "headers defaultdict(<class 'set'>, {\(mapping)}) revoked"
    return ControlAnswer(
      .object([("ok", .string(text))]), marks + [.terminate(doomed, signal: signal)])
  }

  private static func headers(_ arguments: ControlArguments) -> [(String, RawJSON)]? {
    guard let value = arguments["headers"] else { return nil }
    if let members = value.members() { return members.map { ($0.name, $0.value) } }
    guard let pairs = value.elements() else { return nil }
    var headers: [(String, RawJSON)] = []
    for pair in pairs.compactMap(\.stringValue) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { return nil }
      headers.removeAll { $0.0 == parts[0] }
      headers.append((parts[0], .string(parts[1])))
    }
    return headers
  }

  /// Text of a Python set.
  private static func set(_ values: [String]) -> String {
    values.isEmpty ? "set()" : "{\(values.map(PythonRepr.string).joined(separator: ", "))}"
  }

  // MARK: Signals

  private static let signals = [
    "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "BUS": 7, "FPE": 8, "KILL": 9, "USR1": 10,
    "SEGV": 11, "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15, "CHLD": 17, "CONT": 18, "STOP": 19, "TSTP": 20,
  ]

  /// A signal by name, with or without `SIG`, or by number; nothing is TERM.
  private static func signal(_ value: RawJSON?) -> Int? {
    guard let value else { return 15 }
    if let number = value.int64Value { return (1...64).contains(number) ? Int(number) : nil }
    guard let name = value.stringValue?.uppercased(), !name.isEmpty else { return value.stringValue == "" ? 15 : nil }
    return signals[name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name]
  }

  private static func unknownSignal(_ value: RawJSON?) -> ControlAnswer {
    .raised("AttributeError", "module 'signal' has no attribute '\(value?.stringValue ?? value?.description ?? "")'")
  }
}

extension RawJSON {
  /// The texts of a value that stands alone or in a list; other values as their JSON.
  fileprivate var values: [String] {
    (elements() ?? [self]).map { $0.stringValue ?? $0.description }
  }
}
