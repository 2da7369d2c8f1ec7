import CelerityJSON
import CelerityTasks

/// The example of the documentation, with a default, bounds and aliases.
struct Loan: TaskInput, Equatable {
  var amount: Double
  var rate: Double
  var years: Int = 1

  static let arguments = [
    Argument(CodingKeys.amount, "Starting capital.", above: 0, aliases: ["principal"]),
    Argument(CodingKeys.rate, minimum: -1, maximum: 0.5),
    Argument(CodingKeys.years, "Whole years.", default: 1, minimum: 1, maximum: 100),
  ]
}

/// Nothing is said of any parameter.
struct Letter: TaskInput, Equatable {
  var subject: String
  var body: String?
  var isUrgent: Bool
}

/// One parameter, the rest, and one that only a keyword reaches.
struct Words: TaskInput, Equatable {
  var first: String
  var rest: [Int]
  var separator: String = ","

  static let arguments = [.variadic(CodingKeys.rest, "All others."), Argument(CodingKeys.separator, default: ",")]
}

/// What a struct can be made of.
struct Order: TaskInput, Equatable {
  enum Color: String, Codable, CaseIterable { case red, deepBlue = "deep-blue" }
  struct Item: Codable, Equatable {
    var sku: String
    var count: Int
  }

  var color: Color
  var items: [Item]
  var note: Item?
}

/// Bounds where neighbouring integers share one `Double`.
struct Exact: TaskInput, Equatable {
  var n: Int64

  static let arguments = [Argument(CodingKeys.n, minimum: -9_007_199_254_740_992, maximum: 9_007_199_254_740_992)]
}

struct Number: TaskInput, Equatable {
  var n: Int64
}

extension TaskInput {
  /// Decodes a call as a worker does.
  static func decode(args: String = "[]", kwargs: String = "{}") throws -> Self {
    try ParameterTable(task: "t", input: Self.self).decode(
      Self.self, args: RawJSON(validating: args), kwargs: RawJSON(validating: kwargs))
  }

  /// What is wrong with a call, `pointer: detail` each; empty when nothing is.
  static func issues(args: String = "[]", kwargs: String = "{}") throws -> [String] {
    do {
      _ = try decode(args: args, kwargs: kwargs)
      return []
    } catch let error as ArgumentError {
      return error.issues.map { "\($0.pointer): \($0.detail)" }
    }
  }
}
