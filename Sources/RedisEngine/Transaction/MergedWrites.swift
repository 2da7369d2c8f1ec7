import RESPClient

/// Operations of the commit script with those made one that may be: a call inside a script costs more than most of what it
/// does, and a batch adds to a few keys again and again.
///
/// Commands on different keys have no order within a transaction. So one is made part of an earlier one, of the same verb on
/// the same key, unless something else has been done to that key since.
struct MergedWrites {
  private(set) var operations: [[RESPCommand.Argument]] = []

  /// Most arguments of a command: Lua has no room for some eight thousand on its stack.
  static let mostArguments = 1000

  /// What was done last to a key.
  private struct Last {
    var verb: String
    /// The latest operation on it.
    var place: Int
    /// Operations of the same verb for parts of the value that have no order among each other: fields.
    var byField: [RESPCommand.Argument: Int] = [:]
  }

  private var last: [RESPCommand.Argument: Last] = [:]
  private var lastDeletion: Int?
  /// Members that a command adds already.
  private var added: [Int: Set<RESPCommand.Argument>] = [:]

  init(_ operations: [[RESPCommand.Argument]]) {
    self.operations.reserveCapacity(operations.count)
    for operation in operations { add(operation) }
  }

  private mutating func add(_ operation: [RESPCommand.Argument]) {
    switch operation[0] {
    case "!": addCommand(operation)
    case "r": append(operation, touching: [operation[2]])
    case "a": append(operation, touching: [operation[2], operation[4]])
    case "q", "m": append(operation, touching: [operation[1]])
    case "t": append(operation, touching: [operation[2]])
    default: append(operation, touching: [])
    }
  }

  private mutating func addCommand(_ operation: [RESPCommand.Argument]) {
    guard case .text(let verb) = operation[1] else { return append(operation, touching: []) }
    switch verb {
    case "ZADD", "ZREM", "SADD", "SREM", "HSET", "HDEL", "LPUSH", "RPUSH": extend(operation, verb)
    case "HINCRBY": increase(operation, verb)
    case "DEL": delete(operation)
    case "PUBLISH": append(operation, touching: [])
    default: append(operation, touching: [operation[2]])
    }
  }

  /// A command that takes any number of values.
  private mutating func extend(_ operation: [RESPCommand.Argument], _ verb: String) {
    let key = operation[2]
    var values = operation[3...]
    if let last = last[key], last.verb == verb, hasRoom(last.place, for: values.count) {
      if verb == "SADD" { values = values.filter { added[last.place]?.insert($0).inserted ?? true }[...] }
      operations[last.place] += values
      return
    }
    append(operation, touching: [key], verb)
    if verb == "SADD" { added[operations.count - 1] = Set(values) }
  }

  /// A command whose numbers add up.
  private mutating func increase(_ operation: [RESPCommand.Argument], _ verb: String) {
    let key = operation[2]
    let field = operation[3]
    guard let last = last[key], last.verb == verb else {
      append(operation, touching: [key], verb)
      self.last[key]?.byField[field] = operations.count - 1
      return
    }
    if let place = last.byField[field], case .number(let sum) = operations[place][4],
      case .number(let more) = operation[4]
    {
      operations[place][4] = .number(sum + more)
      return
    }
    self.last[key]?.place = operations.count
    self.last[key]?.byField[field] = operations.count
    operations.append(operation)
  }

  private mutating func delete(_ operation: [RESPCommand.Argument]) {
    let gone = operation[2...]
    if let place = lastDeletion, hasRoom(place, for: gone.count),
      gone.allSatisfy({ last[$0].map { $0.place <= place } ?? true })
    {
      operations[place] += gone
      for key in gone { last[key] = Last(verb: "DEL", place: place) }
      return
    }
    lastDeletion = operations.count
    append(operation, touching: Array(gone), "DEL")
  }

  private func hasRoom(_ place: Int, for count: Int) -> Bool { operations[place].count + count <= Self.mostArguments }

  private mutating func append(
    _ operation: [RESPCommand.Argument], touching keys: [RESPCommand.Argument], _ verb: String = ""
  ) {
    for key in keys { last[key] = Last(verb: verb, place: operations.count) }
    operations.append(operation)
  }
}
