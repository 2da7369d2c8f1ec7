public import CelerityCore
import CelerityJSON
import NIOCore
import RESPClient
import Synchronization

extension RedisStore: ProgressStore {
  public func report(_ reports: [ProgressReport]) async throws(EngineError) -> [Bool] {
    if reports.isEmpty { return [] }
    let (answers, rows) = try await transactions.run(assuming: heldRows(reports.map { ($0.key, $0.token) })) {
      draft throws(DraftError) in
      try draft.need(reports.map { .task($0.key) })
      var answers: [Bool] = []
      for report in reports { answers.append(try draft.report(report)) }
      return (answers, draft.touched.keys.compactMap { draft.world.tasks[$0] ?? nil })
    } finish: { (answer: ([Bool], [TaskRow]), base) in
      (
        answer.0,
        answer.1.map { row in
          var row = row
          row.record.seq += base
          return row
        }
      )
    }
    // The next report and the end of the attempt need no look either.
    held.withLock { held in
      for row in rows {
        guard let known = held[row.record.key], known.record.lease?.token == row.record.lease?.token,
          known.record.seq < row.record.seq
        else { continue }
        held[row.record.key] = row
      }
    }
    return answers
  }

  /// The rows of attempts that this process has fetched.
  private func heldRows(_ leases: [(TaskKey, Int64)]) -> World {
    var world = World()
    held.withLock { held in
      for (key, token) in leases {
        if let row = held[key], row.record.lease?.token == token { world.tasks[key] = .some(row) }
      }
    }
    return world
  }

  public func append(_ lines: [TaskLogLine]) async throws(EngineError) {
    var order: [TaskKey] = []
    var byTask: [TaskKey: [RESPCommand.Argument]] = [:]
    for line in lines {
      if byTask[line.key] == nil { order.append(line.key) }
      byTask[line.key, default: []].append(.text(line.stored))
    }
    if order.isEmpty { return }
    var arguments: [RESPCommand.Argument] = [.text(keys.prefix), .number(TaskLogLine.keptLines)]
    for key in order {
      let lines = byTask[key] ?? []
      arguments += [.text(key.text), .number(lines.count)] + lines
    }
    _ = try await LogScripts.append.engineRun(on: client, arguments)
  }

  public func logs(of key: TaskKey, after number: Int64, limit: Int) async throws(EngineError) -> [TaskLogLine] {
    let reply = try await LogScripts.read.engineRun(
      on: client, [.text(keys.log(key)), .number(number), .number(max(1, limit))])
    return (reply.elements ?? []).compactMap { $0.string.flatMap { TaskLogLine(stored: $0, of: key) } }
  }
}

extension TaskLogLine {
  /// `[attempt, time, level, text]`, the text cut where it is too long.
  fileprivate var stored: String {
    var writer = JSONWriter(reservingCapacity: text.utf8.count + 64)
    writer.beginArray()
    writer.integer(attempt)
    writer.integer(time.microseconds)
    writer.string(level)
    writer.string(keptText)
    writer.endArray()
    return writer.finish().description
  }

  fileprivate init?(stored line: String, of key: TaskKey) {
    guard let space = line.utf8.firstIndex(of: UInt8(ascii: " ")), let number = Int64(line[..<space]) else {
      return nil
    }
    let parts = RawJSON(unchecked: Array(line.utf8[line.utf8.index(after: space)...])).elements() ?? []
    guard parts.count == 4, let attempt = parts[0].int64Value, let time = parts[1].int64Value,
      let level = parts[2].stringValue, let text = parts[3].stringValue
    else { return nil }
    self.init(
      key, number: number, attempt: Int(attempt), time: Timestamp(microseconds: time), level: level, text: text)
  }
}

extension RedisStore: StepStore {
  public func steps(of key: TaskKey, generation: Int) async throws(EngineError) -> [StepResult] {
    let replies = try await client.engineReplies([
      RESPCommand("HGETALL", .text(keys.steps(key, generation: generation)))
    ])
    let steps = replies[0].pairs.compactMap { pair -> StepResult? in
      guard let name = pair.key.string, let value = pair.value.bytes else { return nil }
      return StepResult(name: name, value: RawJSON(unchecked: Array(value.readableBytesView)))
    }
    return steps.sorted { ByteText($0.name) < ByteText($1.name) }
  }

  public func save(_ step: StepResult, for key: TaskKey, token: Int64) async throws(EngineError) -> Bool {
    try await transactions.run(assuming: heldRows([(key, token)])) { draft throws(DraftError) in
      try draft.save(step, for: key, token: token)
    }
  }
}
