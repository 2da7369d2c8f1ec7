import ArgumentParser
import CelerityCore
import CelerityJSON

struct WorkersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workers", abstract: "Shows workers and gives them orders.",
    discussion: """
      celerity workers list
      celerity workers quiet celery@host   # before maintenance of its machine
      celerity workers scale celery@host 8
      """,
    subcommands: [List.self, Show.self, Quiet.self, Resume.self, Stop.self, Scale.self])

  struct List: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the workers that are there now.",
      discussion: """
        celerity workers list
        celerity workers list --json
        """)

    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let answer = try await session.gateway.json(.get("/v1/workers"))
      let now = session.time.now
      let table = Table(
        [
          .init("name"), .init("running", numeric: true), .init("concurrency", numeric: true),
          .init("processed", numeric: true), .init("draining"), .init("queues", .elastic), .init("pid", .optional),
          .init("started_at", .optional),
        ],
        rows: answer.list("workers").map { worker in
          [
            Table.Cell(ifPresent: worker.text("name")), Table.Cell(number: worker.number("running")),
            Table.Cell(number: worker.number("concurrency")), Table.Cell(number: worker.number("processed")),
            Table.Cell(flag: worker["draining"]?.boolValue), Table.Cell(worker.words("queues")),
            Table.Cell(ifPresent: worker.number("pid").map(String.init)),
            Table.Cell(moment: worker.text("started_at"), now: now),
          ]
        })
      try session.show(answer, table, empty: "no worker is there: tasks wait until one comes (celerity dev has one)")
    }
  }

  struct Show: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows one worker.",
      discussion: """
        celerity workers show celery@host
        celerity workers show celery@host --json
        """)

    @Argument(help: ArgumentHelp("The worker's name.", valueName: "worker")) var name: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let worker = try await session.gateway.json(.get(WorkersCommand.path(name)))
      if session.output.isJSON { return try session.output.json(worker) }
      let now = session.time.now
      try session.output.fields([
        ("name", Table.Cell(ifPresent: worker.text("name"), tone: .strong)),
        ("running", Table.Cell(number: worker.number("running"))),
        ("concurrency", Table.Cell(number: worker.number("concurrency"))),
        ("processed", Table.Cell(number: worker.number("processed"))),
        ("draining", Table.Cell(flag: worker["draining"]?.boolValue)), ("queues", Table.Cell(worker.words("queues"))),
        ("tasks", Table.Cell(worker.words("tasks"))), ("hostname", Table.Cell(ifPresent: worker.text("hostname"))),
        ("pid", Table.Cell(ifPresent: worker.number("pid").map(String.init))),
        ("version", Table.Cell(ifPresent: worker.text("version"))),
        ("started_at", Table.Cell(moment: worker.text("started_at"), now: now)),
      ])
    }
  }

  static func path(_ name: String) -> String { "/v1/workers/" + name.percentEncoded }
}

extension WorkersCommand {
  struct Quiet: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tells workers to take nothing more; what runs goes on.",
      discussion: """
        celerity workers quiet celery@host
        celerity workers resume celery@host   # takes tasks again
        """)

    @Argument(help: ArgumentHelp("Names of workers.", valueName: "worker")) var names: [String]
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      try await session.order("quiet", names, "takes nothing more; what runs goes on")
    }
  }

  struct Resume: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets quiet workers take tasks again.",
      discussion: """
        celerity workers resume celery@host
        celerity workers resume celery@host --json
        """)

    @Argument(help: ArgumentHelp("Names of workers.", valueName: "worker")) var names: [String]
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      try await session.order("resume", names, "takes tasks again")
    }
  }

  struct Stop: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ends workers once what they run is finished.",
      discussion: """
        celerity workers stop celery@host   # asks first
        celerity workers stop celery@host --yes
        """)

    @Argument(help: ArgumentHelp("Names of workers.", valueName: "worker")) var names: [String]
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      var running: Int64 = 0
      for name in names {
        running += try await session.gateway.json(.get(WorkersCommand.path(name))).number("running") ?? 0
      }
      let which = names.count == 1 ? "worker '\(names[0])'" : HumanText.count(names.count, "worker")
      try session.confirm("end \(which), \(HumanText.count(Int(running), "task")) running?")
      try await session.order("stop", names, "ends once what it runs is finished")
    }
  }

  struct Scale: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sets how many tasks a worker runs at once.",
      discussion: """
        celerity workers scale celery@host 8
        celerity workers scale celery@host 1   # tasks beyond that finish first
        """)

    @Argument(help: ArgumentHelp("The worker's name.", valueName: "worker")) var name: String
    @Argument(help: ArgumentHelp("Tasks at once, from 1 to 1024.", valueName: "count")) var count: Int
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      guard (1...1024).contains(count) else {
        throw ClientError(
          "a worker can't run \(count) tasks at once", cause: "it is a number from 1 to 1024",
          hint: "celerity workers scale \(ShellWords.quoted(name)) \(min(max(count, 1), 1024))", status: .usage)
      }
      let body = RawJSON.object([("concurrency", .integer(Int64(count)))])
      try await session.order("scale", [name], "runs up to \(HumanText.count(count, "task")) at once", body: body)
    }
  }
}

extension ClientSession {
  /// Gives an order to workers, one after the other; a name that is wrong ends it.
  fileprivate func order(
    _ order: String, _ names: [String], _ effect: String, body: RawJSON? = nil
  ) async throws(ClientError) {
    var answers: [RawJSON] = []
    for name in names {
      let request = GatewayRequest.post(WorkersCommand.path(name) + ":\(order)", body: body, isRepeatable: true)
      answers.append(try await gateway.json(request))
    }
    let rows = names.map { [Table.Cell($0), Table.Cell(order)] }
    if output.isJSON { return try output.json(answers.count == 1 ? answers[0] : .array(answers)) }
    if output.isForPeople { return try output.lines(names.map { SafeText.line("worker \($0) \(effect)") }) }
    try output.table(Table([.init("worker"), .init("order")], rows: rows), empty: "")
  }
}
