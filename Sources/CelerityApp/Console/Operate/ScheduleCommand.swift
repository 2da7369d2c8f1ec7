import ArgumentParser
import CelerityCore
import CelerityJSON

struct ScheduleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule", abstract: "Shows and changes what is submitted by the clock.",
    discussion: """
      celerity schedule list
      celerity schedule add nightly --schedule 'crontab(hour=3, minute=0)' --task reports.daily
      celerity schedule next 'every 15 minutes'   # when would it fire?
      """,
    subcommands: [
      List.self, Add.self, Show.self, Edit.self, Pause.self, Resume.self, Run.self, Delete.self, Next.self,
    ], aliases: ["schedules"])

  static func path(_ name: String) -> String { "/v1/schedules/" + name.percentEncoded }

  struct List: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists all schedules with when they fire next.",
      discussion: """
        celerity schedule list
        celerity schedule list --json
        """)

    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let answer = try await session.gateway.json(.get("/v1/schedules"))
      let now = session.time.now
      let table = Table(
        [
          .init("name"), .init("schedule", .elastic), .init("task", .elastic), .init("paused"), .init("next_fire_at"),
          .init("last_fired_at", .optional), .init("source", .optional),
        ],
        rows: answer.list("schedules").map { entry in
          [
            Table.Cell(ifPresent: entry.text("name")), Table.Cell(ifPresent: entry.text("schedule")),
            Table.Cell(ifPresent: entry.text("task")), Table.Cell(flag: entry["paused"]?.boolValue),
            Table.Cell(moment: ScheduleFields.next(entry).first, now: now),
            Table.Cell(moment: entry.text("last_fired_at"), now: now), Table.Cell(ifPresent: entry.text("source")),
          ]
        })
      try session.show(answer, table, empty: "nothing is scheduled: celerity schedule add --help")
    }
  }

  struct Show: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows one schedule: in words, what it submits, when it fired and fires.",
      discussion: """
        celerity schedule show nightly
        celerity schedule show nightly --json
        """)

    @Argument(help: ArgumentHelp("The schedule's name.", valueName: "schedule")) var name: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let entry = try await session.gateway.json(.get(ScheduleCommand.path(name)))
      if session.output.isJSON { return try session.output.json(entry) }
      try session.output.fields(ScheduleFields.all(entry, now: session.time.now))
    }
  }

  struct Next: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tells in words what a schedule means, and when it would fire.",
      discussion: """
        celerity schedule next '0 3 * * mon-fri'
        celerity schedule next 'crontab(hour=3) Europe/Berlin' --count 10
        celerity schedule next 'every 15 minutes' --after 2030-01-31T12:00:00Z --json
        """)

    @Argument(help: ArgumentHelp("The schedule, in quotes.", valueName: "text")) var text: String
    @Option(help: ArgumentHelp("How many times.", valueName: "count")) var count = 5
    @Option(help: ArgumentHelp("After this moment instead of now.", valueName: "when")) var after: Moment?
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      var query = [(name: "schedule", value: text), (name: "count", value: String(count))]
      switch after {
      case .time(let time): query.append((name: "after", value: time))
      case .span(let span): query.append((name: "after", value: (session.time.now + span.duration).rfc3339))
      case nil: break
      }
      let answer: RawJSON
      do {
        answer = try await session.gateway.json(.get("/v1/schedules:next", query: query))
      } catch {
        throw ScheduleMistake.explained(error, text, words: Array(CommandLine.arguments.dropFirst()))
      }
      let now = session.time.now
      if session.output.isForPeople {
        try session.output.line(SafeText.line(answer.text("description") ?? text))
        if let zone = answer.text("timezone") { try session.output.line("in the time of \(SafeText.line(zone))") }
      }
      let table = Table(
        [.init("time"), .init("from_now")],
        rows: ScheduleFields.next(answer).map { text in
          guard let moment = Timestamp(text) else { return [Table.Cell(text), .none] }
          let distance = (moment - now).inSeconds.description
          return [
            Table.Cell(text, shown: HumanText.moment(moment)),
            Table.Cell(distance, shown: HumanText.relative(moment, to: now)),
          ]
        })
      try session.show(answer, table, empty: "it never fires")
    }
  }
}

/// A schedule as fields.
enum ScheduleFields {
  static func all(_ entry: RawJSON, now: Timestamp) -> [(name: String, cell: Table.Cell)] {
    [
      ("name", Table.Cell(ifPresent: entry.text("name"), tone: .strong)),
      ("schedule", Table.Cell(ifPresent: entry.text("schedule"))),
      ("description", Table.Cell(ifPresent: entry.text("description"))),
      ("timezone", Table.Cell(ifPresent: entry.text("timezone"))),
      ("task", Table.Cell(ifPresent: entry.text("task"))), ("args", Table.Cell(json: entry["args"])),
      ("kwargs", Table.Cell(json: entry["kwargs"])), ("queue", Table.Cell(ifPresent: entry.text("queue"))),
      ("priority", Table.Cell(number: entry.number("priority"))),
      ("paused", Table.Cell(flag: entry["paused"]?.boolValue)), ("source", Table.Cell(ifPresent: entry.text("source"))),
      ("last_fired_at", Table.Cell(moment: entry.text("last_fired_at"), now: now)),
      ("next_fire_at", Table.Cell(moment: next(entry).first, now: now)),
    ]
  }

  /// When it fires: a list, or one time.
  static func next(_ entry: RawJSON) -> [String] {
    let value = entry["next_fire_at"] ?? entry["next"]
    return value?.elements()?.compactMap(\.stringValue) ?? value?.stringValue.map { [$0] } ?? []
  }
}
