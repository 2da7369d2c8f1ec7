import ArgumentParser
import CelerityCore
import CelerityJSON

extension DeadCommand {
  struct Redrive: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sends dead tasks on their way again, with all their retries.",
      discussion: """
        celerity dead redrive 0197c9a1-3d5e-7b61-8f00-6a1f0e2d9c44
        celerity dead redrive --task mail.send   # asks first, because these are many
        celerity dead redrive --all --yes
        """,
      aliases: ["requeue", "retry"])

    @Argument(help: "Ids of tasks.") var id: [String] = []
    @OptionGroup(title: "Selection, instead of ids") var selection: Selection
    @Flag(help: "All dead tasks.") var all = false
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      try await ManyDead(session: session, act: .redrive).run(ids: id, selection, all: all)
    }
  }

  struct Discard: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Takes dead tasks off the list; they stay failed.",
      discussion: """
        celerity dead discard 0197c9a1-3d5e-7b61-8f00-6a1f0e2d9c44   # asks first
        celerity dead discard --queue reports --yes
        """)

    @Argument(help: "Ids of tasks.") var id: [String] = []
    @OptionGroup(title: "Selection, instead of ids") var selection: Selection
    @Flag(help: "All dead tasks.") var all = false
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      try await ManyDead(session: session, act: .discard).run(ids: id, selection, all: all)
    }
  }
}

/// One act on many dead tasks, in portions that the gateway takes.
private struct ManyDead {
  enum Act: String {
    case redrive, discard

    var done: String { self == .redrive ? "redriven" : "discarded" }
  }

  private static let portion = 1000

  let session: ClientSession
  let act: Act

  func run(ids: [String], _ selection: DeadCommand.Selection, all: Bool) async throws {
    guard ids.isEmpty else {
      guard selection.terms.isEmpty, !all else {
        throw ClientError(
          "ids and a selection don't go together", cause: "the ids say which tasks are meant",
          hint: "celerity dead \(act.rawValue) \(ShellWords.joined(ids))", status: .usage)
      }
      return try await run(ids)
    }
    guard all || !selection.terms.isEmpty else {
      throw ClientError(
        "which dead tasks?", cause: "neither an id, nor --task, --queue, --reason, --query or --all is given",
        hint: "celerity dead list", status: .usage)
    }
    try await run(selection)
  }

  /// One task by its own route, because that says what is wrong with it; many in portions.
  private func run(_ ids: [String]) async throws {
    if act == .discard {
      try session.confirm(
        "discard \(ids.count == 1 ? "the dead task '\(ids[0])'" : HumanText.count(ids.count, "dead task"))?")
    }
    if ids.count == 1 {
      let answer = try await session.gateway.json(.post(DeadCommand.path(ids[0]) + ":\(act.rawValue)"))
      return try session.done(
        answer, "task \(ids[0]) \(act.done)",
        [("id", Table.Cell(ids[0])), ("state", Table.Cell(ifPresent: answer.text("state")))])
    }
    var total = Total()
    for start in stride(from: 0, to: ids.count, by: Self.portion) {
      let portion = ids[start..<min(start + Self.portion, ids.count)]
      total.add(try await send([("ids", .array(portion.map(RawJSON.string)))]))
    }
    try report(total)
  }

  private func run(_ selection: DeadCommand.Selection) async throws {
    let query = selection.terms + [(name: "limit", value: "200")]
    let page = try await session.gateway.json(.get("/v1/dead", query: query))
    let found = page.list("dead").count
    let count =
      page["has_more"]?.boolValue == true ? "more than \(found) dead tasks" : HumanText.count(found, "dead task")
    let which = selection.terms.isEmpty ? "" : " (\(selection.words))"
    if found > 0 { try session.confirm("\(act.rawValue) \(count)\(which)?") }
    var members: [(String, RawJSON)] = selection.terms.map { ($0.name, .string($0.value)) }
    members.append(("limit", .integer(Int64(Self.portion))))
    var total = Total()
    var isMore = true
    while isMore {
      let answer = try await send(members)
      isMore = answer["has_more"]?.boolValue == true
      // What is refused is found again; without progress there is no end.
      if (answer.number("affected") ?? 0) == 0 { isMore = false }
      total.add(answer)
    }
    try report(total)
  }

  private func send(_ members: [(String, RawJSON)]) async throws(ClientError) -> RawJSON {
    try await session.gateway.json(.post("/v1/dead:\(act.rawValue)", body: .object(members), isRepeatable: true))
  }

  private struct Total {
    var affected: Int64 = 0
    var refused: [RawJSON] = []

    mutating func add(_ answer: RawJSON) {
      affected += answer.number("affected") ?? 0
      refused += answer.list("refused")
    }
  }

  private func report(_ total: Total) throws {
    let answer = RawJSON.object([("affected", .integer(total.affected)), ("refused", .array(total.refused))])
    try session.done(
      answer, "\(HumanText.count(Int(total.affected), "task")) \(act.done)",
      [("affected", Table.Cell(number: total.affected)), ("refused", Table.Cell(number: total.refused.count))])
    guard let first = total.refused.first else { return }
    throw ClientError(
      "\(HumanText.count(total.refused.count, "task")) could not be \(act.done)",
      cause: "the first: \(first.text("id") ?? "?") (\(first.text("code") ?? "?"))",
      hint: "celerity task show \(first.text("id") ?? "")", status: .conflict)
  }
}
