import ArgumentParser
import CelerityCore
import CelerityJSON

struct QueueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "Shows queues, holds them back, lets them go on, empties and moves them.",
    discussion: """
      celerity queue list
      celerity queue pause reports
      celerity queue move reports archive
      """,
    subcommands: [List.self, Show.self, Pause.self, Resume.self, Purge.self, Move.self], aliases: ["queues"])

  struct List: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists all queues with what waits and runs in them.",
      discussion: """
        celerity queue list
        celerity queue list --json
        celerity queue list | cut -f1,2   # tab-separated in a pipe
        """)

    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let answer = try await session.gateway.json(.get("/v1/queues"))
      let now = session.time.now
      let table = Table(
        [
          .init("name"), .init("ready", numeric: true), .init("delayed", numeric: true),
          .init("running", numeric: true), .init("paused"), .init("oldest_ready_at", .optional),
        ],
        rows: answer.list("queues").map { queue in
          [
            Table.Cell(ifPresent: queue.text("name")), Table.Cell(number: queue.number("ready")),
            Table.Cell(number: queue.number("delayed")), Table.Cell(number: queue.number("running")),
            Table.Cell(flag: queue["paused"]?.boolValue),
            Table.Cell(moment: queue.text("oldest_ready_at"), now: now),
          ]
        })
      try session.show(answer, table, empty: "no queue has seen a task yet")
    }
  }

  struct Show: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows one queue.",
      discussion: """
        celerity queue show default
        celerity queue show default --json
        """)

    @Argument(help: ArgumentHelp("The queue.", valueName: "queue")) var name: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let queue = try await session.gateway.json(.get(Self.path(name)))
      if session.output.isJSON { return try session.output.json(queue) }
      try session.output.fields([
        ("name", Table.Cell(ifPresent: queue.text("name"), tone: .strong)),
        ("ready", Table.Cell(number: queue.number("ready"))), ("delayed", Table.Cell(number: queue.number("delayed"))),
        ("running", Table.Cell(number: queue.number("running"))),
        ("paused", Table.Cell(flag: queue["paused"]?.boolValue)),
        ("oldest_ready_at", Table.Cell(moment: queue.text("oldest_ready_at"), now: session.time.now)),
      ])
    }

    static func path(_ name: String) -> String { "/v1/queues/" + name.percentEncoded }
  }
}

extension QueueCommand {
  struct Pause: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Pauses a queue: it takes tasks, but none of them starts.",
      discussion: """
        celerity queue pause reports
        celerity queue resume reports   # lets them start again
        """)

    @Argument(help: ArgumentHelp("The queue.", valueName: "queue")) var name: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let answer = try await session.gateway.json(.post(Show.path(name) + ":pause", isRepeatable: true))
      try session.done(
        answer, "queue \(name) is paused: it takes tasks, but none starts",
        [("queue", Table.Cell(name)), ("paused", Table.Cell("true"))])
    }
  }

  struct Resume: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets a paused queue go on.",
      discussion: """
        celerity queue resume reports
        celerity queue resume reports --json
        """)

    @Argument(help: ArgumentHelp("The queue.", valueName: "queue")) var name: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let answer = try await session.gateway.json(.post(Show.path(name) + ":resume", isRepeatable: true))
      try session.done(
        answer, "queue \(name) goes on", [("queue", Table.Cell(name)), ("paused", Table.Cell("false"))])
    }
  }

  struct Purge: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Revokes all tasks of a queue that have not started.",
      discussion: """
        celerity queue purge reports   # asks first
        celerity queue purge reports --yes
        """)

    @Argument(help: ArgumentHelp("The queue.", valueName: "queue")) var name: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let count = try await session.waiting(in: name)
      if count > 0 { try session.confirm("revoke \(HumanText.count(count, "task")) waiting in queue '\(name)'?") }
      let answer = try await session.gateway.json(.post(Show.path(name) + ":purge"))
      let purged = answer.number("purged") ?? 0
      try session.done(
        answer, "\(HumanText.count(Int(purged), "task")) of queue \(name) revoked",
        [("queue", Table.Cell(name)), ("purged", Table.Cell(number: purged))])
    }
  }

  struct Move: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Moves all tasks of a queue that have not started into another one, in their order.",
      discussion: """
        celerity queue move reports archive   # asks first
        celerity queue move reports archive --yes
        """)

    @Argument(help: ArgumentHelp("The queue they are in.", valueName: "queue")) var name: String
    @Argument(help: ArgumentHelp("The queue they go to.", valueName: "to-queue")) var target: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let count = try await session.waiting(in: name)
      if count > 0 {
        try session.confirm("move \(HumanText.count(count, "task")) from queue '\(name)' to queue '\(target)'?")
      }
      let body = RawJSON.object([("to", .string(target))])
      let answer = try await session.gateway.json(.post(Show.path(name) + ":move", body: body))
      let moved = answer.number("moved") ?? 0
      try session.done(
        answer, "\(HumanText.count(Int(moved), "task")) moved from queue \(name) to queue \(target)",
        [("queue", Table.Cell(name)), ("to", Table.Cell(target)), ("moved", Table.Cell(number: moved))])
    }
  }
}

extension ClientSession {
  /// How many tasks of a queue have not started; fails when there is no such queue.
  fileprivate func waiting(in queue: String) async throws(ClientError) -> Int {
    let answer = try await gateway.json(.get(QueueCommand.Show.path(queue)))
    return Int(answer.number("depth") ?? 0)
  }
}
