import ArgumentParser
import CelerityCore
import CelerityJSON

struct SubmitCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Submits a task, and waits for its result if asked to.",
    discussion: """
      celerity submit finance.compound_interest --kwargs '{"amount": 10000, "rate": 0.05}' --wait
      celerity submit finance.monte_carlo --kwargs @portfolio.json --wait --progress
      celerity submit mail.send --args '["a@example.org"]' --countdown 5m --key welcome-42
      echo '{"amount": 1, "rate": 0}' | celerity submit finance.compound_interest --kwargs - --wait=10
      celerity submit --bulk tasks.jsonl   # one JSON object a line, as POST /v1/tasks takes it

      Without --wait the task's id is printed. With it the result is, as JSON; the exit code is 1 when the task failed
      and 124 when it had not ended in time. Ctrl-C stops the waiting, never the task.

      Lengths of time are seconds, or have units: 90, 1.5, 500ms, 5m, 1h30m, 2d. A date without a time is midnight UTC.
      """)

  @Argument(help: ArgumentHelp("The task's name.", valueName: "task"))
  var name: String?
  @Option(help: ArgumentHelp("Positional arguments, a JSON array; @FILE and - read them.", valueName: "json"))
  var args: String?
  @Option(help: ArgumentHelp("Named arguments, a JSON object; @FILE and - read them.", valueName: "json"))
  var kwargs: String?
  @Option(help: "Queue, instead of the task's own.")
  var queue: String?
  @Option(help: "From 0 to 9; 9 goes first.")
  var priority: Int?
  @Option(help: ArgumentHelp("Not before this length of time is over.", valueName: "time"))
  var countdown: TimeSpan?
  @Option(help: ArgumentHelp("Not before this moment, such as 2030-01-31T12:00:00Z.", valueName: "when"))
  var eta: Moment?
  @Option(help: ArgumentHelp("Not after this moment or length of time.", valueName: "when"))
  var expires: Moment?
  @Option(help: "At most one task with this key waits or runs.")
  var key: String?
  @Option(name: .customLong("tag"), help: ArgumentHelp("A label to find it by; may be repeated.", valueName: "tag"))
  var tags: [String] = []
  @Option(help: "How often it is tried again when it fails.")
  var retries: Int?
  @Option(help: ArgumentHelp("How long an attempt may run.", valueName: "time"))
  var timeLimit: TimeSpan?
  @Option(help: ArgumentHelp("Sending again with this key gives the same task.", valueName: "key"))
  var idempotencyKey: String?
  @Option(defaultAsFlag: WaitLimit.none, help: ArgumentHelp("Waits for the end, at most this long.", valueName: "time"))
  var wait: WaitLimit?
  @Flag(help: "Shows how far it is; implies --wait.")
  var progress = false
  @Option(help: ArgumentHelp("Submits one task for each line of a file; - is standard input.", valueName: "file"))
  var bulk: String?
  @OptionGroup var options: ClientOptions

  func run(_ session: ClientSession) async throws {
    if let bulk {
      try checkBulk()
      var submission = BulkSubmission(session: session, key: idempotencyKey)
      return try await submission.run(bulk)
    }
    guard let name else {
      throw ClientError(
        "which task?", cause: "neither a task's name nor --bulk is given",
        hint: "celerity submit finance.compound_interest --kwargs '{\"amount\": 10000, \"rate\": 0.05}' --wait",
        status: .usage)
    }
    let body = try body(name)
    let limit = wait ?? (progress ? WaitLimit.none : nil)
    let key = idempotencyKey ?? "cli-" + UUIDv7(time: session.time).next()
    try await TaskSubmission(session: session, key: key, body: body).run(wait: limit, showsProgress: progress)
  }

  /// The body of `POST /v1/tasks`.
  func body(_ name: String) throws(ClientError) -> RawJSON {
    if args == "-", kwargs == "-" {
      throw ClientError(
        "--args and --kwargs can't both be read from standard input", hint: "put one into a file: --args @FILE",
        status: .usage)
    }
    if countdown != nil, eta != nil {
      throw ClientError("--countdown and --eta say the same thing", hint: "give one of them", status: .usage)
    }
    var members: [(String, RawJSON)] = [("task", .string(name))]
    if let args { members.append(("args", try ArgumentText(option: "--args", kind: .array).read(args))) }
    if let kwargs { members.append(("kwargs", try ArgumentText(option: "--kwargs", kind: .object).read(kwargs))) }
    if let queue { members.append(("queue", .string(queue))) }
    if let priority { members.append(("priority", .integer(Int64(priority)))) }
    if let countdown { members.append(("countdown", countdown.json)) }
    switch eta {
    case .span(let span): members.append(("countdown", span.json))
    case .time(let time): members.append(("eta", .string(time)))
    case nil: break
    }
    switch expires {
    case .span(let span): members.append(("expires", span.json))
    case .time(let time): members.append(("expires", .string(time)))
    case nil: break
    }
    if let key { members.append(("key", .string(key))) }
    if !tags.isEmpty { members.append(("tags", .array(tags.map(RawJSON.string)))) }
    if let retries { members.append(("retries", .integer(Int64(retries)))) }
    if let timeLimit { members.append(("time_limit", timeLimit.json)) }
    return .object(members)
  }

  private func checkBulk() throws(ClientError) {
    let others: [(String, Bool)] = [
      ("NAME", name != nil), ("--args", args != nil), ("--kwargs", kwargs != nil), ("--queue", queue != nil),
      ("--priority", priority != nil), ("--countdown", countdown != nil), ("--eta", eta != nil),
      ("--expires", expires != nil), ("--key", key != nil), ("--tag", !tags.isEmpty), ("--retries", retries != nil),
      ("--time-limit", timeLimit != nil), ("--wait", wait != nil), ("--progress", progress),
    ]
    guard let (option, _) = others.first(where: \.1) else { return }
    throw ClientError(
      "--bulk and \(option) don't go together", cause: "each line of the file says all of that for its own task",
      hint: "celerity submit --bulk \(ShellWords.quoted(bulk ?? "FILE"))", status: .usage)
  }
}

extension TimeSpan {
  /// Seconds as a JSON number.
  var json: RawJSON { .double(duration.inSeconds) ?? .integer(0) }
}
