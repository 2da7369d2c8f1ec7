import CelerityCore
import CelerityJSON

/// Submits a task for each line of a file.
struct BulkSubmission {
  let session: ClientSession
  let key: String

  private var accepted = 0
  private var refused = 0
  private var index = 0

  /// A gateway takes 10,000 items and 16 MiB in one request; smaller ones let a person see how far it is.
  private static let maximumLines = 5000
  private static let maximumBytes = 8 << 20

  /// A submission whose requests carry keys derived from this one.
  init(session: ClientSession, key: String?) {
    self.session = session
    self.key = key ?? "cli-" + UUIDv7(time: session.time).next()
  }

  /// Sends the file's lines; exit code 1 when the gateway refused some of them.
  mutating func run(_ path: String) async throws {
    var chunks = try LineChunks(path, maximumLines: Self.maximumLines, maximumBytes: Self.maximumBytes)
    try begin()
    var number = 0
    while let chunk = try chunks.next() {
      if number == 0 { try checkFirst(chunk.lines[0].bytes, path) }
      let answer = try await send(chunk, number)
      try write(answer, chunk)
      number += 1
    }
    try finish(path)
  }

  private func checkFirst(_ line: [UInt8], _ path: String) throws(ClientError) {
    guard line.first == UInt8(ascii: "[") else { return }
    let file = ShellWords.quoted(path)
    throw ClientError(
      "\(InputText.name(path)) is a JSON array", cause: "one JSON object a line is wanted",
      hint: path == "-"
        ? "… | jq -c '.[]' | celerity submit --bulk -" : "jq -c '.[]' \(file) | celerity submit --bulk -",
      status: .usage)
  }

  private func send(_ chunk: LineChunks.Chunk, _ number: Int) async throws(ClientError) -> RawJSON {
    var request = GatewayRequest.post("/v1/tasks:bulk", isRepeatable: true)
    request.contentType = "application/x-ndjson"
    // Lines end where the client says so: a carriage return inside one would be another line to some readers.
    request.body = Array(chunk.lines.map { $0.bytes }.joined(separator: [0x0A]))
    request.headers = [("Idempotency-Key", number == 0 ? key : "\(key)/\(number)")]
    do {
      return try await session.gateway.json(request)
    } catch {
      guard error.status != .usage || accepted > 0, error.cause != TransportError.refused.reason || accepted > 0 else {
        throw error
      }
      throw ClientError(
        error.what, cause: [error.cause, progress(chunk)].compactMap(\.self).joined(separator: "\n"),
        hint: "the same command with --idempotency-key \(ShellWords.quoted(key)) submits nothing twice",
        status: error.status, code: error.code)
    }
  }

  private func progress(_ chunk: LineChunks.Chunk) -> String {
    let first = chunk.lines[0].number
    return
      "\(HumanText.count(accepted, "task")) from the lines before line \(first) \(accepted == 1 ? "is" : "are") accepted"
  }

  // MARK: Output

  private func begin() throws(ClientError) {
    let output = session.output
    if output.isJSON { return try output.text("{\"items\":[") }
    if !output.terminal.isOutputTerminal { try output.line("line\tid\tstate\tqueue\terror") }
  }

  private mutating func write(_ answer: RawJSON, _ chunk: LineChunks.Chunk) throws(ClientError) {
    let items = answer["items"]?.elements() ?? []
    guard items.count == chunk.lines.count else {
      throw ClientError("the gateway answered \(items.count) items for \(chunk.lines.count) lines", status: .failed)
    }
    for (item, line) in zip(items, chunk.lines) { try write(item, line.number) }
    if session.output.isForPeople {
      session.output.note("\(HumanText.grouped(accepted)) accepted, line \(chunk.lines.last?.number ?? 0)")
    }
  }

  private mutating func write(_ item: RawJSON, _ line: Int) throws(ClientError) {
    let output = session.output
    let error = item["error"]
    if error == nil { accepted += 1 } else { refused += 1 }
    defer { index += 1 }
    if output.isJSON {
      try output.text(
        (index == 0 ? "" : ",") + JSONText.line(renumbered(item), escaping: output.terminal.isOutputTerminal))
    } else if !output.terminal.isOutputTerminal {
      let texts = ["id", "state", "queue"].map { SafeText.field(item[$0]?.stringValue ?? "") }
      try output.line(
        ([String(line)] + texts + [SafeText.field(error?["code"]?.stringValue ?? "")]).joined(separator: "\t"))
    }
    if let error { output.note(Self.refusal(error, line)) }
  }

  private func renumbered(_ item: RawJSON) -> RawJSON {
    let members = item.members() ?? []
    return .object(members.map { ($0.name, $0.name == "index" ? .integer(Int64(index)) : $0.value) })
  }

  private static func refusal(_ error: RawJSON, _ line: Int) -> String {
    let detail = error["detail"]?.stringValue ?? error["title"]?.stringValue ?? "refused"
    let told = error["hint"]?.stringValue.map(GatewayWords.hint(_:))
    // What is wrong with an argument often has the guess in it already.
    let hint = told.flatMap { detail.contains($0) ? nil : "; \($0)" } ?? ""
    return SafeText.line("error: line \(line): \(detail)\(hint)")
  }

  private func finish(_ path: String) throws(ClientError) {
    let output = session.output
    if output.isJSON {
      try output.line("],\"accepted\":\(accepted),\"refused\":\(refused)}")
    } else if output.isForPeople {
      try output.fields([("accepted", Table.Cell(number: accepted)), ("refused", Table.Cell(number: refused))])
    }
    if accepted + refused == 0 {
      throw ClientError("\(InputText.name(path)) holds no lines", hint: "one JSON object a line", status: .usage)
    }
    guard refused > 0 else { return }
    throw ClientError(
      "\(HumanText.grouped(refused)) of \(HumanText.count(accepted + refused, "task")) refused",
      cause: accepted > 0 ? "the others are accepted" : nil, hint: "mend those lines and submit them alone",
      status: .failed)
  }
}
