import ArgumentParser
import CelerityCore
import CelerityJSON

struct TaskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task", abstract: "Shows tasks and acts on them.",
    discussion: """
      celerity task list --state FAILURE
      celerity task why 019812ab-…
      celerity task list --state FAILURE --all | celerity task retry -
      """,
    subcommands: [
      TaskListCommand.self, TaskShowCommand.self, TaskResultCommand.self, TaskLogsCommand.self, TaskWhyCommand.self,
      TaskWatchCommand.self, TaskRetryCommand.self, TaskCancelCommand.self,
    ])
}

struct TaskListCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Tasks, the newest first.",
    discussion: """
      celerity task list
      celerity task list --state FAILURE,RETRY --queue finance
      celerity task list --query 'task:finance.* attempts:>1 created:<1h' --limit 100
      celerity task list --state FAILURE --all --json
      celerity task list --state REVOKED --all --ids   # one id a line
      """)

  @OptionGroup var filter: TaskFilterOptions
  @Flag(help: "Ids only, one a line.") var ids = false
  @OptionGroup var options: ClientOptions

  /// As many as fit on a screen.
  private static let usual = 20

  func run(_ session: ClientSession) async throws {
    try filter.checkLimit()
    let pages = Pages(
      gateway: session.gateway, path: "/v1/tasks", member: "tasks", parameters: try filter.parameters())
    let limit = filter.all ? nil : filter.limit ?? Self.usual
    if ids { return try await writeIDs(pages, limit, session.output) }
    let isOnlyOne = limit.map { $0 <= Pages.longest } ?? false
    let now = session.time.now
    var list = ListOutput(session.output, member: "tasks") { TaskTable.table($0, now: now) }
    var isEmpty = true
    let last = try await pages.each(limit: limit, searchesOn: filter.all) { page throws(ClientError) in
      if !page.elements.isEmpty { isEmpty = false }
      try list.write(page, isOnlyOne: isOnlyOne)
    }
    try list.finish(
      last, isOnlyOne: isOnlyOne,
      empty: filter.isEmpty ? "there are no tasks; submit one: celerity submit --help" : "no task is like that",
      more: more(last))
    guard isEmpty, !last.hasMore else { return }
    for line in await NameCheck(session.gateway).strangers(task: filter.task, queue: filter.queue) {
      session.output.note(line)
    }
  }

  private func more(_ last: Pages.Page) -> String {
    if let searched = last.searched {
      return "searched the newest \(HumanText.grouped(searched)) tasks; --all searches on"
    }
    return "there are more; --limit COUNT or --all shows them"
  }

  private func writeIDs(_ pages: Pages, _ limit: Int?, _ output: Output) async throws {
    _ = try await pages.each(limit: limit, searchesOn: filter.all) { page throws(ClientError) in
      try output.lines(page.elements.compactMap { $0["id"]?.stringValue }.map(SafeText.field))
    }
  }
}
