public import CelerityCore
public import CelerityJSON

/// The kinds of tasks a process knows, by name.
public struct TaskRegistry: Sendable {
  private var kinds: [String: TaskKind] = [:]

  /// An empty registry.
  public init() {}

  /// A registry of tasks.
  public init(_ tasks: [any TaskDefinition]) throws(RegistrationError) {
    for task in tasks { try register(task) }
  }

  /// Adds a kind of task; throws when its name is taken or its input can't be described.
  public mutating func register(_ task: some TaskDefinition) throws(RegistrationError) {
    let kind = try TaskKind(task)
    guard kinds[kind.name] == nil else {
      throw RegistrationError(task: kind.name, detail: "the name is registered already")
    }
    kinds[kind.name] = kind
  }

  /// The kind of a name.
  public subscript(name: String) -> TaskKind? { kinds[name] }

  /// The kind that runs a task of a name: a registered one, or one of those that every worker owns. Those stand in no list.
  public func runnable(_ name: String) -> TaskKind? { kinds[name] ?? TaskKind.builtIn[name] }

  /// All names, in order.
  public var names: [String] { kinds.keys.sorted() }

  /// The registered name most like a mistyped one.
  public func closest(to name: String) -> String? { closestMatch(to: name, among: names) }
}

/// A task that can't be registered.
public struct RegistrationError: Error, Sendable, Hashable, CustomStringConvertible {
  public var task: String
  public var detail: String

  public var description: String { "task '\(task)' can't be registered: \(detail)" }
}

/// A kind of task with its types erased.
public struct TaskKind: Sendable {
  public let name: String
  public let summary: String
  public let options: TaskOptions
  public let parameters: ParameterTable
  /// The schema of the result, when the type can be described.
  public let outputSchema: JSONSchema?
  private let body: @Sendable (TaskContext) async throws -> RawJSON
  private let checkInput: @Sendable (RawJSON, RawJSON) throws(ArgumentError) -> Void

  init<T: TaskDefinition>(_ task: T) throws(RegistrationError) {
    let table = try ParameterTable(task: T.name, input: T.Input.self)
    name = T.name
    summary = T.summary
    options = T.options
    parameters = table
    outputSchema = try? JSONSchema.of(T.Output.self)
    checkInput = { (args, kwargs) throws(ArgumentError) in
      try table.check(T.Input.self, args: args, kwargs: kwargs)
    }
    body = { context in
      let input = try table.decode(T.Input.self, args: context.message.args, kwargs: context.message.kwargs)
      try input.validate()
      return try RawJSONEncoder().encode(try await task.run(input, context))
    }
  }

  /// A kind that reads its arguments itself, as the platform's own tasks do.
  init(
    builtIn name: String, summary: String, options: TaskOptions = TaskOptions(),
    _ body: @escaping @Sendable (TaskContext) async throws -> RawJSON
  ) {
    self.name = name
    self.summary = summary
    self.options = options
    parameters = ParameterTable(task: name, parameters: [], places: [:])
    outputSchema = nil
    checkInput = { (_, _) throws(ArgumentError) in }
    self.body = body
  }

  /// Checks arguments as a run would, without running: types, bounds, and what the input says itself.
  public func check(args: RawJSON, kwargs: RawJSON) throws(ArgumentError) {
    try checkInput(args, kwargs)
  }

  /// Decodes the arguments, does the work, encodes the result.
  public func run(_ context: TaskContext) async throws -> RawJSON {
    try await body(context)
  }
}

extension ArgumentError: TaskFailureConvertible {
  public var taskFailure: TaskFailure {
    TaskFailure(type: "TypeError", module: "builtins", message: description)
  }
}
