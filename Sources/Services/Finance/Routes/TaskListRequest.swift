import CelerityCore
import CelerityRoutes

/// What a client asks of the list of tasks: `?status=&priority=&limit=&offset=`. Other parameters are tolerated, as all
/// that is beside the point is in this API.
struct TaskListRequest {
  static let limits = 1...1000
  static let defaultLimit = 100
  static let offsets = 0...1_000_000_000

  var states: Set<TaskState> = []
  var band: PriorityBand?
  var limit = Self.defaultLimit
  var offset = 0

  init(_ request: RouteRequest) throws(RouteError) {
    if let word = try request.queryValue("status") {
      guard let state = TaskState(rawValue: word.uppercased()) else {
        throw Self.invalid("status", "must be one of", TaskState.allCases.map(\.rawValue), word.uppercased())
      }
      states = [state]
    }
    if let word = try request.queryValue("priority") {
      guard let band = PriorityBand(word: word.lowercased()) else {
        throw Self.invalid("priority", "must be one of", PriorityBand.allCases.map(\.rawValue), word.lowercased())
      }
      self.band = band
    }
    limit = try Self.integer("limit", request, Self.limits) ?? limit
    offset = try Self.integer("offset", request, Self.offsets) ?? offset
  }

  private static func integer(
    _ name: String, _ request: RouteRequest, _ range: ClosedRange<Int>
  ) throws(RouteError) -> Int? {
    guard let text = try request.queryValue(name) else { return nil }
    // `Int` would also take a sign in front.
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), range.contains(number) else {
      throw invalid(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)", [], text)
    }
    return number
  }

  private static func invalid(_ name: String, _ rule: String, _ words: [String], _ text: String) -> RouteError {
    let detail = words.isEmpty ? rule : "\(rule) \(words.joined(separator: ", "))"
    return RouteError(
      422, "VALIDATION_ERROR", "\(name) \(detail)", issues: [.init(pointer: "/" + name, detail: detail)],
      hint: closestMatch(to: text, among: words).map { "did you mean '\($0)'?" })
  }
}
