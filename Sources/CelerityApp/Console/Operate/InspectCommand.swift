import ArgumentParser
import CelerityCore
import CelerityJSON

struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Looks at workers in Celery's words.",
    discussion: """
      celerity inspect ping
      celerity inspect active
      celerity inspect stats --json
      """,
    subcommands: [
      Ping.self, Active.self, Reserved.self, Scheduled.self, Revoked.self, Registered.self, Stats.self,
      ActiveQueues.self, Conf.self, Report.self,
    ])

  /// Which workers are asked.
  struct Destination: ParsableArguments {
    @Option(name: [.customShort("d"), .long], help: "Only these workers, separated by commas.") var destination: String?

    var names: [String] { (destination ?? "").split(separator: ",").map { String($0.trimmed) } }
  }

  struct Ping: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Asks workers whether they are there.",
      discussion: """
        celerity inspect ping
        celerity inspect ping -d celery@host   # exit code 69 when it is not there
        """)

    @OptionGroup var destination: Destination
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let workers = try await session.workers(destination)
      let answer = RawJSON.object(workers.map { ($0.text("name") ?? "", .object([("ok", .string("pong"))])) })
      let rows = workers.map { [Table.Cell(ifPresent: $0.text("name")), Table.Cell("pong", tone: .good)] }
      try session.show(answer, Table([.init("worker"), .init("reply")], rows: rows), empty: "")
      if session.output.isForPeople {
        session.output.note("\(HumanText.count(workers.count, "node")) online.")
      }
    }
  }

  struct Registered: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the kinds of tasks that workers have code for.",
      discussion: """
        celerity inspect registered
        celerity inspect registered -d celery@host --json
        """)

    @OptionGroup var destination: Destination
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      try await session.lists("tasks", "task", destination)
    }
  }

  struct ActiveQueues: ClientCommand {
    static let configuration = CommandConfiguration(
      commandName: "active_queues", abstract: "Lists the queues that workers take from.",
      discussion: """
        celerity inspect active_queues
        celerity inspect active_queues --json
        """,
      aliases: ["active-queues"])

    @OptionGroup var destination: Destination
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      try await session.lists("queues", "queue", destination)
    }
  }
}

extension InspectCommand {
  struct Stats: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows what workers count: slots, running and ended attempts, uptime.",
      discussion: """
        celerity inspect stats
        celerity inspect stats --json
        """)

    @OptionGroup var destination: Destination
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let workers = try await session.workers(destination)
      let now = session.time.now
      let answer = RawJSON.object(
        workers.map { worker in
          let pool = RawJSON.object([("max-concurrency", worker["concurrency"] ?? .null)])
          let members: [(String, RawJSON)] = [
            ("pid", worker["pid"] ?? .null), ("uptime", .integer(Self.uptime(worker, now))), ("pool", pool),
            ("running", worker["running"] ?? .null), ("total", worker["processed"] ?? .null),
          ]
          return (worker.text("name") ?? "", .object(members))
        })
      let rows = workers.map { worker in
        [
          Table.Cell(ifPresent: worker.text("name")), Table.Cell(number: worker.number("concurrency")),
          Table.Cell(number: worker.number("running")), Table.Cell(number: worker.number("processed")),
          Table.Cell(duration: .seconds(Self.uptime(worker, now))), Table.Cell(ifPresent: worker.text("version")),
        ]
      }
      let columns: [Table.Column] = [
        .init("worker"), .init("concurrency", numeric: true), .init("running", numeric: true),
        .init("total", numeric: true), .init("uptime"), .init("version", .optional),
      ]
      try session.show(answer, Table(columns, rows: rows), empty: "")
    }

    private static func uptime(_ worker: RawJSON, _ now: Timestamp) -> Int64 {
      worker.text("started_at").flatMap { Timestamp($0) }.map { max(0, (now - $0).microseconds / 1_000_000) } ?? 0
    }
  }

  struct Conf: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Would show the settings of workers, which they do not tell; says where they are.",
      discussion: """
        celerity config show   # the settings in force on this machine
        celerity inspect conf
        """)

    @OptionGroup var destination: Destination
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      throw ClientError(
        "workers do not tell their settings", cause: "there is no 'inspect conf' over the gateway",
        hint: "celerity config show, on the machine of the worker", status: .failed)
    }
  }

  struct Report: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints what to add to a report of a bug: versions, parts, workers, queues.",
      discussion: """
        celerity inspect report
        celerity inspect report --json > report.json
        """)

    @OptionGroup var destination: Destination
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let index = try await session.gateway.json(.get("/"))
      let health = try await session.gateway.json(.get("/health"))
      let workers = try await session.workers(destination)
      let queues = try await session.gateway.json(.get("/v1/queues"))
      let answer = RawJSON.object([
        ("client", VersionCheck.json), ("gateway", index), ("health", health), ("workers", .array(workers)),
        ("queues", queues["queues"] ?? .emptyArray),
      ])
      if session.output.isJSON { return try session.output.json(answer) }
      var fields: [(name: String, cell: Table.Cell)] = [
        ("client", Table.Cell(VersionCheck.findings[0].detail)),
        ("gateway", Table.Cell("\(index.text("version") ?? "?") at \(session.gateway.address)")),
        ("health", Table.Cell(ifPresent: health.text("status"))),
      ]
      for member in health["services"]?.members() ?? [] {
        fields.append(("health_\(member.name)", Table.Cell(ifPresent: member.value.stringValue)))
      }
      for worker in workers {
        fields.append(
          (
            "worker",
            Table.Cell(
              "\(worker.text("name") ?? "?"), version \(worker.text("version") ?? "?"), "
                + "\(worker.number("running") ?? 0) of \(worker.number("concurrency") ?? 0) slots busy")
          ))
      }
      for queue in answer.list("queues") {
        fields.append(
          (
            "queue",
            Table.Cell(
              "\(queue.text("name") ?? "?"): \(queue.number("ready") ?? 0) ready, \(queue.number("delayed") ?? 0) "
                + "delayed, \(queue.number("running") ?? 0) running")
          ))
      }
      try session.output.fields(fields)
    }
  }
}

extension ClientSession {
  /// The workers that are there. None at all, or one of the wanted ones missing, is an error as in Celery.
  func workers(_ destination: InspectCommand.Destination) async throws(ClientError) -> [RawJSON] {
    let workers = try await gateway.json(.get("/v1/workers")).list("workers")
    let names = workers.compactMap { $0.text("name") }
    let wanted = destination.names
    if let missing = wanted.first(where: { !names.contains($0) }) {
      let guess = closestMatch(to: missing, among: names)
      throw ClientError(
        "no worker '\(missing)' replied",
        cause: guess.map { "did you mean '\($0)'?" } ?? "there are \(CommandLineCheck.list(names))",
        hint: "celerity workers list", status: .unavailable)
    }
    guard !workers.isEmpty else {
      throw ClientError(
        "no workers replied", cause: "the gateway answers, but no worker has announced itself to it",
        hint: "celerity dev runs one beside the gateway", status: .unavailable)
    }
    return wanted.isEmpty ? workers : workers.filter { wanted.contains($0.text("name") ?? "") }
  }

  /// A list of each worker, one element a row.
  fileprivate func lists(
    _ member: String, _ column: String, _ destination: InspectCommand.Destination
  ) async throws(ClientError) {
    let workers = try await workers(destination)
    let answer = RawJSON.object(workers.map { ($0.text("name") ?? "", $0[member] ?? .emptyArray) })
    let rows = workers.flatMap { worker in
      worker.list(member).map { [Table.Cell(ifPresent: worker.text("name")), Table.Cell(ifPresent: $0.stringValue)] }
    }
    try show(answer, Table([.init("worker"), .init(column)], rows: rows), empty: "")
  }
}
