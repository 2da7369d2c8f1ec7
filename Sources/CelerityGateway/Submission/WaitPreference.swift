/// The `wait` preference of RFC 7240, 4.3: how many seconds the client would like the answer to be held for the end.
struct WaitPreference: Sendable, Hashable {
  /// At most `limit`.
  let seconds: Int

  /// Nobody waits longer.
  static let limit = 30

  /// The preference in a `Prefer` field; `nil` when there is none or it makes no sense: preferences may be ignored.
  init?(_ field: String?) {
    for preference in (field ?? "").split(separator: ",") {
      let sides = preference.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map { $0.trimmed }
      guard sides.count == 2, sides[0].lowercased() == "wait", let value = Int(sides[1]), value >= 0 else { continue }
      seconds = min(value, Self.limit)
      return
    }
    return nil
  }

  /// The field that says it was heeded.
  var applied: (name: String, value: String) { ("Preference-Applied", "wait=\(seconds)") }
}
