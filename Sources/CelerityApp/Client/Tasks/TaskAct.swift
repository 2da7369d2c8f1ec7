import CelerityCore
import CelerityJSON

/// Does one thing to many tasks.
struct TaskAct: Sendable {
  let session: ClientSession
  /// The verb of the command line and of the API.
  let verb: String
  /// The states it makes sense in; a filter without states means these.
  let states: [TaskState]
  let isRepeatable: Bool

  /// So many requests are on their way at once.
  private static let width = 8

  /// Acts on the tasks that are named, or on those that a filter finds after asking.
  func run(ids: [String], filter: TaskFilterOptions) async throws {
    var named = try TaskNames.read(ids)
    for index in named.indices { named[index] = try await session.taskID(named[index]) }
    if named.isEmpty {
      try await act(on: try await find(filter))
    } else {
      guard filter.isEmpty, !filter.all, filter.limit == nil else {
        throw ClientError(
          "ids and a filter can't be given together", hint: "celerity task \(verb) \(ShellWords.quoted(named[0]))",
          status: .usage)
      }
      try await act(on: named)
    }
  }

  private func find(_ filter: TaskFilterOptions) async throws(ClientError) -> [String] {
    try filter.checkLimit()
    guard !filter.isEmpty || filter.all || filter.limit != nil else {
      throw ClientError(
        "which tasks?", cause: "neither ids nor a filter are given",
        hint: "celerity task \(verb) ID   or   celerity task \(verb) --queue NAME", status: .usage)
    }
    let pages = Pages(
      gateway: session.gateway, path: "/v1/tasks", member: "tasks",
      parameters: try filter.parameters(statesIfNone: states))
    var found: [String] = []
    _ = try await pages.each(limit: filter.limit, searchesOn: true) { page throws(ClientError) in
      found += page.elements.compactMap { $0["id"]?.stringValue }
    }
    guard !found.isEmpty else {
      let strangers = await NameCheck(session.gateway).strangers(task: filter.task, queue: filter.queue)
      throw ClientError(
        "no task is like that", cause: strangers.isEmpty ? nil : strangers.joined(separator: "\n"),
        hint: "celerity task list", status: .notFound)
    }
    try session.confirm("\(verb) \(HumanText.count(found.count, "task"))?")
    return found
  }

  private func act(on ids: [String]) async throws {
    var outcomes: [Int: Result<RawJSON, ClientError>] = [:]
    var next = 0
    var written = 0
    let isOnlyOne = ids.count == 1
    try writeHeading(isOnlyOne)
    try await withThrowingTaskGroup(of: (Int, Result<RawJSON, ClientError>).self) { group in
      while next < min(Self.width, ids.count) {
        start(next, ids[next], &group)
        next += 1
      }
      while let (index, outcome) = try await group.next() {
        outcomes[index] = outcome
        if next < ids.count {
          start(next, ids[next], &group)
          next += 1
        }
        // In the order in which they were named, each as soon as it and all before it are known.
        while let ready = outcomes[written] {
          try write(ids[written], ready, isOnlyOne: isOnlyOne)
          written += 1
        }
      }
    }
    try finish(outcomes)
  }

  private func start(
    _ index: Int, _ id: String, _ group: inout ThrowingTaskGroup<(Int, Result<RawJSON, ClientError>), any Error>
  ) {
    group.addTask {
      do throws(ClientError) {
        let request = GatewayRequest.post(TaskPath.of(id) + ":" + verb, isRepeatable: isRepeatable)
        return (index, .success(try await session.gateway.json(request)))
      } catch {
        // What stands for all of them ends the whole.
        if [.unavailable, .denied, .interrupted].contains(error.status) { throw error }
        return (index, .failure(error))
      }
    }
  }

  private func writeHeading(_ isOnlyOne: Bool) throws(ClientError) {
    guard !session.output.isJSON, !session.output.terminal.isOutputTerminal else { return }
    try session.output.line("id\tstate\toutcome")
  }

  private func write(_ id: String, _ outcome: Result<RawJSON, ClientError>, isOnlyOne: Bool) throws {
    let output = session.output
    switch outcome {
    case .success(let answer):
      if output.isJSON { return try isOnlyOne ? output.json(answer) : output.jsonLine(answer) }
      let state = answer["state"]?.stringValue ?? ""
      let outcome = Self.outcome(verb, answer)
      guard output.terminal.isOutputTerminal else {
        return try output.line([id, state, outcome].map(SafeText.field).joined(separator: "\t"))
      }
      let painted = Tone(state: state).paint(SafeText.line(state), colours: output.terminal.coloursOutput)
      try output.line("\(SafeText.line(id))  \(painted)  \(outcome)")
    case .failure(let error):
      if isOnlyOne { throw error }
      if !output.isJSON, !output.terminal.isOutputTerminal {
        try output.line([id, "", error.code ?? "error"].map(SafeText.field).joined(separator: "\t"))
      }
      output.note("error: \(SafeText.line(id)): \(SafeText.line(error.what))")
    }
  }

  private static func outcome(_ verb: String, _ answer: RawJSON) -> String {
    guard verb == "cancel" else { return "waits to run again" }
    return answer["state"]?.stringValue == TaskState.revoked.rawValue ? "revoked" : "asked to stop"
  }

  private func finish(_ outcomes: [Int: Result<RawJSON, ClientError>]) throws(ClientError) {
    let failures = outcomes.values.compactMap { outcome -> ClientError? in
      if case .failure(let error) = outcome { error } else { nil }
    }
    guard let first = failures.first else { return }
    let isSame = failures.allSatisfy { $0.status == first.status }
    throw ClientError(
      "\(HumanText.grouped(failures.count)) of \(HumanText.count(outcomes.count, "task")) refused to \(verb)",
      status: isSame ? first.status : .failed)
  }
}

/// Ids from the command line.
enum TaskNames {
  /// The ids; `-` stands for those on standard input: the first field of each line, so that a list can be piped in.
  static func read(_ words: [String]) throws(ClientError) -> [String] {
    var ids: [String] = []
    for word in words {
      guard word == "-" else {
        ids.append(word)
        continue
      }
      let text = String(decoding: try InputText.bytes(of: word), as: UTF8.self)
      let found = lines(text)
      guard !found.isEmpty || words.count > 1 else {
        throw ClientError("standard input names no task", status: .notFound)
      }
      ids += found
    }
    var seen: Set<String> = []
    return ids.filter { seen.insert($0).inserted }
  }

  /// The ids of a list: the first field of each line without the heading.
  static func lines(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let field = line.prefix { $0 != "\t" }.trimmed
      return field.isEmpty || field == "id" ? nil : String(field)
    }
  }
}
