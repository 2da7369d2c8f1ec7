import CelerityCore
import CelerityJSON
import CelerityTasks

/// Python's numbers as far as the tests use them.
enum Number {
  case integer(Int64)
  case float(Double)

  /// A number, or the error that Python raises for what is none.
  init(_ json: RawJSON) throws {
    if let integer = json.int64Value {
      self = .integer(integer)
    } else if let float = json.doubleValue {
      self = .float(float)
    } else {
      throw TaskFailure(type: "TypeError", module: "builtins", message: "unsupported operand: \(json)")
    }
  }

  var json: RawJSON {
    switch self {
    case .integer(let value): .integer(value)
    case .float(let value): .double(value) ?? .null
    }
  }

  private var float: Double {
    switch self {
    case .integer(let value): Double(value)
    case .float(let value): value
    }
  }

  static func + (left: Number, right: Number) -> Number {
    if case .integer(let x) = left, case .integer(let y) = right { return .integer(x + y) }
    return .float(left.float + right.float)
  }

  static func * (left: Number, right: Number) -> Number {
    if case .integer(let x) = left, case .integer(let y) = right { return .integer(x * y) }
    return .float(left.float * right.float)
  }
}

/// What takes two numbers.
struct Operands: TaskInput {
  var x: RawJSON
  var y: RawJSON
}

/// `wapp.add`
struct Add: TaskDefinition {
  static let name = "wapp.add"
  static let options = TaskOptions(queue: WireApp.queue)

  func run(_ input: Operands, _ context: TaskContext) async throws -> RawJSON {
    (try Number(input.x) + Number(input.y)).json
  }
}

/// `wapp.mul`
struct Multiply: TaskDefinition {
  static let name = "wapp.mul"
  static let options = TaskOptions(queue: WireApp.queue)

  func run(_ input: Operands, _ context: TaskContext) async throws -> RawJSON {
    (try Number(input.x) * Number(input.y)).json
  }
}

/// `wapp.xsum`: the sum of numbers in lists of any depth.
struct DeepSum: TaskDefinition {
  static let name = "wapp.xsum"
  static let options = TaskOptions(queue: WireApp.queue)

  struct Input: TaskInput {
    var numbers: RawJSON
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON {
    try sum(input.numbers).json
  }

  private func sum(_ value: RawJSON) throws -> Number {
    guard let elements = value.elements() else { return try Number(value) }
    return try elements.reduce(.integer(0)) { try $0 + sum($1) }
  }
}
