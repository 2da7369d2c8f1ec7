import ArgumentParser
import CelerityCore
import CelerityJSON

extension InspectCommand {
  struct Active: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the tasks that run now.",
      discussion: """
        celerity inspect active
        celerity inspect active -d celery@host --json
        """)

    @OptionGroup var destination: Destination
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let search = InspectedTasks(session: session, workers: destination.names)
      try await search.show(states: ["STARTED", "PROGRESS"], time: "started_at", empty: "no task runs")
    }
  }

  struct Reserved: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the tasks that workers hold and have not started.",
      discussion: """
        celerity inspect reserved
        celerity inspect reserved --json
        """)

    @OptionGroup var destination: Destination
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let search = InspectedTasks(session: session, workers: destination.names)
      try await search.show(
        states: ["RECEIVED"], time: "created_at", empty: "no worker holds a task that it has not started")
    }
  }

  struct Scheduled: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the tasks that wait for their time: those with an eta and those to be tried again.",
      discussion: """
        celerity inspect scheduled
        celerity inspect scheduled --json
        """)

    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let search = InspectedTasks(session: session)
      try await search.show(states: ["PENDING", "RETRY"], time: "due_at", empty: "no task waits for its time") {
        $0.text("due_at") != nil
      }
    }
  }

  struct Revoked: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the tasks that were revoked, the newest first.",
      discussion: """
        celerity inspect revoked
        celerity inspect revoked --json
        """)

    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let search = InspectedTasks(session: session)
      try await search.show(states: ["REVOKED"], time: "finished_at", empty: "no task is revoked")
    }
  }
}

/// Tasks of some states, page by page.
private struct InspectedTasks {
  /// Pages that are read of each state; more than a person reads.
  private static let pages = 10
  private static let pageSize = 200

  let session: ClientSession
  /// Whose tasks; nothing means everybody's.
  var workers: [String] = []

  func show(
    states: [String], time: String, empty: String, where matches: (RawJSON) -> Bool = { _ in true }
  ) async throws {
    var tasks: [RawJSON] = []
    var isCut = false
    for state in states {
      let (found, hasMore) = try await read(state)
      // A task that has gone from one state to the next in between is there once, as it was seen last.
      let seen = Set(found.compactMap { $0.text("id") })
      tasks = tasks.filter { !seen.contains($0.text("id") ?? "") } + found.filter(matches)
      isCut = isCut || hasMore
    }
    if !workers.isEmpty { tasks = tasks.filter { workers.contains($0.text("worker") ?? "") } }
    let now = session.time.now
    let table = Table(
      [
        .init("worker", .optional), .init("id", .identifier), .init("task", .elastic), .init("state"),
        .init("queue", .optional),
        .init(time),
      ],
      rows: tasks.map { task in
        [
          Table.Cell(ifPresent: task.text("worker")), Table.Cell(ifPresent: task.text("id")),
          Table.Cell(ifPresent: task.text("task")), Table.Cell(state: task.text("state") ?? ""),
          Table.Cell(ifPresent: task.text("queue")), Table.Cell(moment: task.text(time), now: now),
        ]
      })
    try session.show(.object([("tasks", .array(tasks)), ("complete", .bool(!isCut))]), table, empty: empty)
    if isCut { session.output.note("only the newest are shown; celerity task list goes through all") }
  }

  private func read(_ state: String) async throws(ClientError) -> (tasks: [RawJSON], hasMore: Bool) {
    var tasks: [RawJSON] = []
    var cursor: String?
    for _ in 0..<Self.pages {
      var query = [(name: "state", value: state), (name: "limit", value: String(Self.pageSize))]
      if let cursor { query.append((name: "cursor", value: cursor)) }
      let page = try await session.gateway.json(.get("/v1/tasks", query: query))
      tasks += page.list("tasks")
      cursor = page.text("next_cursor")
      if cursor == nil { return (tasks, false) }
    }
    return (tasks, true)
  }
}
