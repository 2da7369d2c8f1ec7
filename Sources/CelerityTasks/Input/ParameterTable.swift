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

  /// The parameters of an input type; throws when the type can't be described or its declaration contradicts it.
  public init<Input: TaskInput>(task: String, input: Input.Type) throws(SchemaError) {
    let schema = try JSONSchema.of(Input.self)
    guard case .object(let properties, _) = schema.shape else {
      throw SchemaError(path: "", type: "\(Input.self)", detail: "an input must be a struct with stored properties")
    }
    var declared: [String: Argument] = [:]
    for argument in Input.arguments { declared[argument.name] = argument }
    if let stranger = declared.keys.first(where: { name in !properties.contains { $0.name == name } }) {
      throw SchemaError(path: "/" + stranger, type: "\(Input.self)", detail: "an argument names no stored property")
    }
    self.task = task
    parameters = properties.map { property in
      let argument = declared[property.name]
      var schema = property.schema
      if let argument {
        schema.description = argument.documentation ?? schema.description
        schema.defaultValue = argument.defaultValue ?? schema.defaultValue
        schema.minimum = argument.minimum ?? schema.minimum
        schema.maximum = argument.maximum ?? schema.maximum
        schema.isMinimumExclusive = argument.isMinimumExclusive
      }
      return Parameter(
        name: property.name, schema: schema,
        isRequired: property.isRequired && argument?.defaultValue == nil, argument: argument)
    }
    var places: [String: Int] = [:]
    for (place, parameter) in parameters.enumerated() {
      for name in [parameter.name] + (parameter.argument?.aliases ?? []) { places[name] = place }
    }
    self.places = places
  }

  /// The JSON Schema of the keyword form.
  public var schema: JSONSchema {
    .object(parameters.map { JSONSchema.Property($0.name, $0.schema, isRequired: $0.isRequired) })
  }

  /// Maps a call onto the parameters: one JSON object with every parameter that has a value. All issues are reported
  /// together.
  public func bind(args: RawJSON, kwargs: RawJSON) throws(ArgumentError) -> RawJSON {
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
    return try binding.finish()
  }

  /// Decodes a call into the input type.
  public func decode<Input: TaskInput>(
    _ type: Input.Type, args: RawJSON, kwargs: RawJSON
  ) throws(ArgumentError) -> Input {
    let object = try bind(args: args, kwargs: kwargs)
    do {
      return try RawJSONDecoder().decode(type, from: object)
    } catch let error as DecodingError {
      throw ArgumentError(task: task, issues: [Self.issue(error)])
    } catch {
      throw ArgumentError(task: task, issues: [.init(pointer: "/kwargs", detail: "\(error)")])
    }
  }

  fileprivate var names: [String] { Array(places.keys) }

  private static func issue(_ error: DecodingError) -> ArgumentError.Issue {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      return .init(pointer: "/kwargs" + jsonPointer(context.codingPath), detail: context.debugDescription)
    case .keyNotFound(let key, let context):
      return .init(pointer: "/kwargs" + jsonPointer(context.codingPath + [key]), detail: "is missing")
    @unknown default:
      return .init(pointer: "/kwargs", detail: "\(error)")
    }
  }
}

/// One call being mapped.
private struct Binding {
  let table: ParameterTable
  var values: [RawJSON?]
  var issues: [ArgumentError.Issue] = []

  init(table: ParameterTable) {
    self.table = table
    values = Array(repeating: nil, count: table.parameters.count)
  }

  mutating func refuse(_ pointer: String, _ detail: String) {
    issues.append(.init(pointer: pointer, detail: detail))
  }

  mutating func bind(positional elements: [RawJSON]) {
    var place = 0
    for (index, element) in elements.enumerated() {
      guard place < table.parameters.count else {
        let most = table.parameters.count
        refuse("/args/\(index)", "\(table.task) takes at most \(most) positional argument\(most == 1 ? "" : "s")")
        return
      }
      if table.parameters[place].argument?.isVariadic == true {
        values[place] = .array(Array(elements[index...]))
        return
      }
      check(element, table.parameters[place], "/args/\(index)")
      values[place] = element
      place += 1
    }
  }

  mutating func bind(keyword name: String, _ value: RawJSON, place: Int?) {
    let pointer = "/kwargs" + jsonPointer([TextKey(stringValue: name)])
    guard let place else {
      let guess = closestMatch(to: name, among: table.names).map { "; did you mean '\($0)'?" } ?? ""
      return refuse(pointer, "\(table.task) has no parameter '\(name)'\(guess)")
    }
    guard values[place] == nil else { return refuse(pointer, "'\(name)' is given twice") }
    check(value, table.parameters[place], pointer)
    values[place] = value
  }

  private mutating func check(_ value: RawJSON, _ parameter: ParameterTable.Parameter, _ pointer: String) {
    guard let argument = parameter.argument, let number = value.doubleValue else { return }
    if let minimum = argument.minimum, argument.isMinimumExclusive ? number <= minimum : number < minimum {
      refuse(pointer, "must be \(argument.isMinimumExclusive ? "greater than" : "at least") \(text(minimum))")
    }
    if let maximum = argument.maximum, number > maximum { refuse(pointer, "must be at most \(text(maximum))") }
  }

  private func text(_ number: Double) -> String {
    Int64(exactly: number).map(String.init) ?? String(number)
  }

  consuming func finish() throws(ArgumentError) -> RawJSON {
    var members: [(String, RawJSON)] = []
    for (place, parameter) in table.parameters.enumerated() {
      if let value = values[place] ?? parameter.argument?.defaultValue {
        members.append((parameter.name, value))
      } else if parameter.isRequired {
        let pointer = "/kwargs" + jsonPointer([TextKey(stringValue: parameter.name)])
        issues.append(.init(pointer: pointer, detail: "is missing"))
      }
    }
    guard issues.isEmpty else { throw ArgumentError(task: table.task, issues: issues) }
    return .object(members)
  }
}

private struct TextKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
