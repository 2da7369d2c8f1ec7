import CelerityCore
import CelerityJSON

extension ParameterTable {
  /// The parameters of an input type; throws when the type can't be described or its declaration contradicts it.
  public init<Input: TaskInput>(task: String, input: Input.Type) throws(RegistrationError) {
    let schema: JSONSchema
    do {
      schema = try JSONSchema.of(Input.self)
    } catch {
      throw RegistrationError(task: task, detail: error.description)
    }
    guard case .object(let properties, _) = schema.shape else {
      throw RegistrationError(task: task, detail: "its input must be a struct with stored properties")
    }
    var declared: [String: Argument] = [:]
    for argument in Input.arguments {
      let fault =
        if declared[argument.name] != nil {
          "it is declared twice"
        } else if let property = properties.first(where: { $0.name == argument.name }) {
          argument.contradiction(to: property.schema)
        } else {
          "it names no stored property"
        }
      if let fault { throw RegistrationError(task: task, detail: "argument '\(argument.name)': \(fault)") }
      declared[argument.name] = argument
    }
    let parameters = properties.map { Parameter($0, declared[$0.name]) }
    self.init(task: task, parameters: parameters, places: try Self.places(of: parameters, task: task))
  }

  /// Every name and alias with the place of its parameter.
  private static func places(
    of parameters: [Parameter], task: String
  ) throws(RegistrationError) -> [String: Int] {
    var places: [String: Int] = [:]
    for (place, parameter) in parameters.enumerated() { places[parameter.name] = place }
    for (place, parameter) in parameters.enumerated() {
      for alias in parameter.argument?.aliases ?? [] {
        guard places.updateValue(place, forKey: alias) == nil else {
          throw RegistrationError(task: task, detail: "argument '\(parameter.name)': '\(alias)' is a name already")
        }
      }
    }
    return places
  }
}

extension ParameterTable.Parameter {
  init(_ property: JSONSchema.Property, _ argument: Argument?) {
    name = property.name
    schema = property.schema
    if let argument {
      schema.description = argument.documentation ?? schema.description
      schema.example = argument.example ?? schema.example
      schema.defaultValue = argument.defaultValue ?? schema.defaultValue
      schema.minimum = argument.minimum ?? schema.minimum
      schema.maximum = argument.maximum ?? schema.maximum
      schema.isMinimumExclusive = argument.isMinimumExclusive
    }
    isRequired = property.isRequired && argument?.defaultValue == nil
    self.argument = argument
  }
}

extension Argument {
  /// What the declaration says that the property's own schema denies.
  fileprivate func contradiction(to schema: JSONSchema) -> String? {
    if isVariadic, schema.shape.kind != .array { return "it is variadic, so its property must be an array" }
    if minimum != nil || maximum != nil {
      guard schema.shape == .integer || schema.shape == .number else { return "only a number can have bounds" }
      guard [minimum, maximum].allSatisfy({ $0?.isFinite ?? true }) else { return "its bounds must be finite" }
      if let minimum, let maximum, minimum > maximum { return "its minimum is above its maximum" }
    }
    if isDefaultUnwritable { return "its default can't be written as JSON" }
    guard let defaultValue, !(schema.isNullable && defaultValue.isNull) else { return nil }
    guard schema.accepts(defaultValue) else { return "its default \(defaultValue) does not fit the property" }
    return boundIssue(defaultValue).map { "its default \($0)" }
  }
}

extension JSONSchema {
  /// Whether a value is of the schema's type and among its values; what is inside arrays and objects is not looked at.
  fileprivate func accepts(_ value: RawJSON) -> Bool {
    if let values, !values.contains(value) { return false }
    if shape == .integer, value.bytes.contains(where: { [0x2E, 0x45, 0x65].contains($0) }) { return false }
    return shape.kind.map { $0 == value.kind } ?? true
  }
}

extension JSONSchema.Shape {
  /// The kind of the values; `nil` where there may be several.
  fileprivate var kind: RawJSON.Kind? {
    switch self {
    case .any, .oneOf, .reference: nil
    case .boolean: .boolean
    case .integer, .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }
}
