public import CelerityCore
public import CelerityJSON

/// The parameters of a task in order, and the rule that maps a call onto them: Python's, because Celery's clients make
/// Python calls. Positional arguments fill parameters from the left, keywords by name, what is left takes its default.
public struct ParameterTable: Sendable {
  /// One parameter.
  struct Parameter: Sendable {
    var name: String
    var schema: JSONSchema
    var isRequired: Bool
    var argument: Argument?
  }

  let task: String
  let parameters: [Parameter]
  private let places: [String: Int]

  init(task: String, parameters: [Parameter], places: [String: Int]) {
    self.task = task
    self.parameters = parameters
    self.places = places
  }

  /// The JSON Schema of the keyword form.
  public var schema: JSONSchema {
    .object(parameters.map { JSONSchema.Property($0.name, $0.schema, isRequired: $0.isRequired) })
  }

  /// Every name a keyword may have, in the order of declaration: what a mistyped one is compared with.
  var names: [String] { parameters.flatMap { [$0.name] + ($0.argument?.aliases ?? []) } }

  /// Maps a call onto the parameters: one JSON object with every parameter that has a value. All issues are reported
  /// together.
  public func bind(args: RawJSON, kwargs: RawJSON) throws(ArgumentError) -> RawJSON {
    try call(args, kwargs).finish()
  }

  /// Decodes a call and asks the input whether it can be run; what it refuses is told at its place in the call.
  func check<Input: TaskInput>(_ type: Input.Type, args: RawJSON, kwargs: RawJSON) throws(ArgumentError) {
    let input = try decode(type, args: args, kwargs: kwargs)
    do {
      try input.validate()
    } catch {
      throw ArgumentError(task: task, issues: [call(args, kwargs).issue(refusal: error)])
    }
  }

  /// Decodes a call into the input type.
  public func decode<Input: TaskInput>(
    _ type: Input.Type, args: RawJSON, kwargs: RawJSON
  ) throws(ArgumentError) -> Input {
    let binding = call(args, kwargs)
    let object = try binding.finish()
    do {
      return try RawJSONDecoder().decode(type, from: object)
    } catch let error as DecodingError {
      throw ArgumentError(task: task, issues: [binding.issue(error)])
    } catch {
      throw ArgumentError(task: task, issues: [.init(pointer: "/kwargs", detail: "\(error)")])
    }
  }

  private func call(_ args: RawJSON, _ kwargs: RawJSON) -> Binding {
    var binding = Binding(table: self)
    if let elements = args.elements() {
      binding.bind(positional: elements)
    } else {
      binding.refuse("/args", "must be an array")
    }
    if let members = kwargs.members() {
      for member in members { binding.bind(keyword: member.name, member.value, place: places[member.name]) }
    } else {
      binding.refuse("/kwargs", "must be an object")
    }
    return binding
  }
}
