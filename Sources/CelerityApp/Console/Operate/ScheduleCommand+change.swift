import ArgumentParser
import CelerityCore
import CelerityJSON

extension ScheduleCommand {
  /// What a schedule submits.
  struct Contents: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "When: a crontab line, 'crontab(hour=3)', 'every 15 minutes'; a time zone may follow.", valueName: "text"))
    var schedule: String?
    @Option(help: "The kind of task.") var task: String?
    @Option(help: ArgumentHelp("Positional arguments, a JSON array; @FILE and - read them.", valueName: "json"))
    var args: String?
    @Option(help: ArgumentHelp("Named arguments, a JSON object; @FILE and - read them.", valueName: "json"))
    var kwargs: String?
    @Option(help: "The queue, instead of the task's own.") var queue: String?
    @Option(help: "From 0 to 9; 9 goes first.") var priority: Int?

    /// The members that were given.
    func members() throws(ClientError) -> [(String, RawJSON)] {
      var members: [(String, RawJSON)] = []
      if let schedule { members.append(("schedule", .string(schedule))) }
      if let task { members.append(("task", .string(task))) }
      if let args { members.append(("args", try ArgumentText(option: "--args", kind: .array).read(args))) }
      if let kwargs { members.append(("kwargs", try ArgumentText(option: "--kwargs", kind: .object).read(kwargs))) }
      if let queue { members.append(("queue", .string(queue))) }
      if let priority { members.append(("priority", .integer(Int64(priority)))) }
      return members
    }

    /// Sends them; a schedule that can't be read is answered with what was meant.
    func sent(_ request: GatewayRequest, _ session: ClientSession) async throws(ClientError) -> RawJSON {
      do {
        return try await session.gateway.json(request)
      } catch {
        throw ScheduleMistake.explained(error, schedule, words: Array(CommandLine.arguments.dropFirst()))
      }
    }
  }

  struct Add: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds a schedule.",
      discussion: """
        celerity schedule add nightly --schedule '0 3 * * *' --task reports.daily
        celerity schedule add pulse --schedule 'every 30 seconds' --task shop.pulse --queue light
        celerity schedule add quote --schedule 'crontab(hour=9) Europe/Berlin' --task finance.compound_interest --kwargs '{"amount": 100, "rate": 0.05}'
        """)

    @Argument(help: "Its name: letters, digits and . _ - :") var name: String
    @OptionGroup(title: "What and when") var contents: Contents
    @Flag(help: "Adds it held back.") var paused = false
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      guard contents.schedule != nil, contents.task != nil else {
        throw ClientError(
          "a schedule needs \(contents.schedule == nil ? "--schedule" : "--task")",
          cause: "it says \(contents.schedule == nil ? "when" : "what") to submit",
          hint: "celerity schedule add \(ShellWords.quoted(name)) --schedule '0 3 * * *' --task reports.daily",
          status: .usage)
      }
      var members = [("name", RawJSON.string(name))]
      members += try contents.members()
      if paused { members.append(("paused", .true)) }
      let entry = try await contents.sent(.post("/v1/schedules", body: .object(members)), session)
      try session.done(
        entry, ScheduleCommand.sentence(entry, "added"),
        [
          ("name", Table.Cell(name)), ("schedule", Table.Cell(ifPresent: entry.text("schedule"))),
          ("next_fire_at", Table.Cell(ifPresent: ScheduleFields.next(entry).first)),
        ])
    }
  }

  struct Edit: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Changes a schedule; what is not named stays.",
      discussion: """
        celerity schedule edit nightly --schedule '0 4 * * *'
        celerity schedule edit nightly --kwargs '{"day": "yesterday"}' --priority 8
        """)

    @Argument(help: ArgumentHelp("The schedule's name.", valueName: "schedule")) var name: String
    @OptionGroup(title: "What and when") var contents: Contents
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let changes = try contents.members()
      guard !changes.isEmpty else {
        throw ClientError(
          "nothing to change", cause: "none of --schedule, --task, --args, --kwargs, --queue and --priority is given",
          hint: "celerity schedule show \(ShellWords.quoted(name))", status: .usage)
      }
      let path = ScheduleCommand.path(name)
      let old = try await session.gateway.json(.get(path))
      let kept = ["schedule", "task", "args", "kwargs", "queue", "priority", "paused"].compactMap { member in
        changes.contains { $0.0 == member } ? nil : old[member].map { (member, $0) }
      }
      let entry = try await contents.sent(.put(path, body: .object(kept + changes)), session)
      try session.done(
        entry, ScheduleCommand.sentence(entry, "changed"),
        [
          ("name", Table.Cell(name)), ("schedule", Table.Cell(ifPresent: entry.text("schedule"))),
          ("next_fire_at", Table.Cell(ifPresent: ScheduleFields.next(entry).first)),
        ])
    }
  }

  fileprivate static func sentence(_ entry: RawJSON, _ done: String) -> String {
    let next = ScheduleFields.next(entry).first.map { "; it fires next at \($0)" } ?? ""
    let words = entry.text("description").map { ": \($0)" } ?? ""
    return "schedule \(entry.text("name") ?? "") \(done)\(words)\(next)"
  }
}

extension ScheduleCommand {
  struct Pause: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Holds a schedule back; times that pass meanwhile never fire.",
      discussion: """
        celerity schedule pause nightly
        celerity schedule resume nightly
        """)

    @Argument(help: ArgumentHelp("The schedule's name.", valueName: "schedule")) var name: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let entry = try await session.gateway.json(.post(ScheduleCommand.path(name) + ":pause", isRepeatable: true))
      try session.done(
        entry, "schedule \(name) is paused", [("name", Table.Cell(name)), ("paused", Table.Cell("true"))])
    }
  }

  struct Resume: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets a paused schedule fire again, from its next time on.",
      discussion: """
        celerity schedule resume nightly
        celerity schedule resume nightly --json
        """)

    @Argument(help: ArgumentHelp("The schedule's name.", valueName: "schedule")) var name: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let entry = try await session.gateway.json(.post(ScheduleCommand.path(name) + ":resume", isRepeatable: true))
      try session.done(
        entry, ScheduleCommand.sentence(entry, "goes on"),
        [("name", Table.Cell(name)), ("paused", Table.Cell("false"))])
    }
  }

  struct Run: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Submits what a schedule would, now, beside its times.",
      discussion: """
        celerity schedule run nightly
        celerity task watch $(celerity schedule run nightly --json | jq -r .id)
        """)

    @Argument(help: ArgumentHelp("The schedule's name.", valueName: "schedule")) var name: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let answer = try await session.gateway.json(.post(ScheduleCommand.path(name) + ":run"))
      let id = answer.text("id") ?? ""
      try session.done(
        answer, "submitted as \(id)", [("id", Table.Cell(id)), ("state", Table.Cell(ifPresent: answer.text("state")))])
    }
  }

  struct Delete: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Deletes a schedule; what it submitted stays.",
      discussion: """
        celerity schedule delete nightly   # asks first
        celerity schedule delete nightly --yes
        """)

    @Argument(help: ArgumentHelp("The schedule's name.", valueName: "schedule")) var name: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let entry = try await session.gateway.json(.get(ScheduleCommand.path(name)))
      try session.confirm(
        "delete schedule '\(name)' (\(entry.text("schedule") ?? "")), which submits \(entry.text("task") ?? "")?")
      _ = try await session.gateway.send(.delete(ScheduleCommand.path(name)))
      try session.done(
        .object([("name", .string(name)), ("deleted", .true)]), "schedule \(name) is deleted",
        [("name", Table.Cell(name)), ("deleted", Table.Cell("true"))])
    }
  }
}
