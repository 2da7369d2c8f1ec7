import CelerityCore
import CelerityJSON
import CelerityRoutes

/// A page of records that a client asks for: what is wanted, and the text that its cursors belong to.
struct RecordListing: Sendable {
  /// Most records of a page.
  static let pageLimit = 200

  var query: RecordQuery
  /// The filter as the client wrote it; cursors fit only the same text.
  var search: String?

  private var cursors: CursorText { CursorText(query, search: search) }

  /// Reads the parameters that all lists of records share.
  init(_ request: RouteRequest, time: any TimeSource) throws(RouteError) {
    query = RecordQuery(tenant: request.tenant)
    query.task = try request.queryValue("task")
    query.queue = try request.queryValue("queue")
    if let states = try request.queryValue("state") { query.states = try Self.states(states) }
    if let text = try request.queryValue("q") {
      search = text
      query.filter = try Self.filter(text, time)
    }
    if let limit = try request.integerParameter("limit", 1...Self.pageLimit) { query.limit = limit }
  }

  /// Goes on where the page before ended, after everything else is known.
  mutating func continues(_ request: RouteRequest) throws(RouteError) {
    guard let text = try request.queryValue("cursor") else { return }
    guard let cursor = cursors.cursor(text) else {
      throw RouteError(400, "invalid-cursor", "the cursor is damaged or belongs to other filters")
    }
    query.cursor = cursor
  }

  /// The page as an answer, its records in a member of a name.
  func response(_ page: RecordPage, _ member: String, to request: RouteRequest) -> RouteResponse {
    let next = page.next.map { cursors.text(of: $0) }
    var writer = JSONWriter(reservingCapacity: 1024)
    writer.beginObject()
    writer.member(member, array: { writer in for record in page.records { TaskView.write(record, to: &writer) } })
    writer.member("next_cursor", orNull: next)
    writer.member("has_more", next != nil)
    writer.member("searched", ifPresent: query.filter == nil ? nil : page.scanned)
    writer.endObject()
    return .json(200, writer.finish(), headers: next.map { [NextLink.field(request, cursor: $0)] } ?? [])
  }

  private static func states(_ text: String) throws(RouteError) -> Set<TaskState> {
    var states: Set<TaskState> = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let state = TaskState(rawValue: String(word)) else {
        let guess = closestMatch(to: String(word), among: TaskState.allCases.map(\.rawValue))
        throw .invalidParameter("state", "'\(word)' is no state", hint: guess.map { "did you mean '\($0)'?" })
      }
      states.insert(state)
    }
    return states
  }

  /// The filter of a text.
  static func filter(_ text: String, _ time: any TimeSource) throws(RouteError) -> TaskFilter {
    do {
      return try TaskFilter(text, time: time)
    } catch {
      throw RouteError(
        400, "invalid-query", "the filter can't be read: \(error.message), at byte \(error.offset) of q",
        hint: error.hint)
    }
  }

  /// The parameters of all lists of records.
  static let parameters: [Route.Parameter] = [
    Route.Parameter("q", JSONSchema(.string, maximumLength: TaskFilter.longestText), queryHelp),
    Route.Parameter("task", JSONSchema(.string), "Name of the task"),
    Route.Parameter("queue", JSONSchema(.string), "Name of the queue"),
    Route.Parameter(
      "limit", JSONSchema(.integer, defaultValue: .integer(50), minimum: 1, maximum: Double(pageLimit)),
      "Tasks per page"),
    Route.Parameter("cursor", JSONSchema(.string), "next_cursor of the page before; fits only the same filters"),
  ]

  private static let queryHelp = """
    A filter: words that must occur, qualifiers such as `state:FAILURE`, `queue:mail`, `tag:red`, `error:Timeout`, \
    `kwargs.user:7`, `attempts:>1`, `created:<1h`, with `OR`, `-` and parentheses. A page of a search may hold fewer \
    tasks than its limit, or none, and still have a next one.
    """
}

extension RouteRequest {
  /// An integer in the query.
  func integerParameter(_ name: String, _ range: ClosedRange<Int>) throws(RouteError) -> Int? {
    guard let text = try queryValue(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      let bounds =
        range.upperBound == .max
        ? "\(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
      throw .invalidParameter(name, "must be an integer \(bounds)")
    }
    return number
  }
}

extension RouteError {
  /// A query parameter has a value that it can't have.
  static func invalidParameter(_ name: String, _ detail: String, hint: String? = nil) -> RouteError {
    RouteError(400, "invalid-parameter", "the query parameter '\(name)': \(detail)", hint: hint)
  }
}
