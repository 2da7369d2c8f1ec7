import ArgumentParser
import CelerityCore
import CelerityJSON

struct TaskRetryCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Runs tasks that failed or were revoked once more, with their own arguments.",
    discussion: """
      celerity task retry 019812ab-…
      celerity task retry --state FAILURE --queue finance
      celerity task list --state FAILURE --all | celerity task retry -
      """)

  @Argument(help: ArgumentHelp("Ids of tasks; - reads them from standard input, one a line.", valueName: "id"))
  var ids: [String] = []
  @OptionGroup var filter: TaskFilterOptions
  @OptionGroup var options: ClientOptions

  func run(_ session: ClientSession) async throws {
    // A second retry of the same task is refused, so sending it twice is safe only as far as the answer goes.
    try await TaskAct(
      session: session, verb: "retry", states: [.failure, .revoked], isRepeatable: false
    ).run(ids: ids, filter: filter)
  }
}

struct TaskCancelCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Revokes tasks that wait and asks those that run to stop.",
    discussion: """
      celerity task cancel 019812ab-…
      celerity task cancel --queue mail --state PENDING
      celerity task cancel --query 'tag:import' --yes
      """)

  @Argument(help: ArgumentHelp("Ids of tasks; - reads them from standard input, one a line.", valueName: "id"))
  var ids: [String] = []
  @OptionGroup var filter: TaskFilterOptions
  @OptionGroup var options: ClientOptions

  func run(_ session: ClientSession) async throws {
    try await TaskAct(
      session: session, verb: "cancel", states: [.pending, .received, .started, .progress, .retry], isRepeatable: true
    ).run(ids: ids, filter: filter)
  }
}
