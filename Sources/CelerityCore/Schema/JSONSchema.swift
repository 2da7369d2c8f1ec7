public import CelerityJSON

/// A JSON Schema (draft 2020-12) as a value: what a task takes, what a route answers. Made from Swift types by
/// `SchemaProbe` or written by hand.
public struct JSONSchema: Sendable, Hashable {
  /// The basic shape.
  public indirect enum Shape: Sendable, Hashable {
    case any
    case boolean
    case integer
    case number
    case string
    case array(JSONSchema)
    case object(properties: [Property], additional: Additional)
    case oneOf([JSONSchema])
    /// A schema of the document's components, by name.
    case reference(String)
  }

  /// What an object may hold beside its properties.
  public indirect enum Additional: Sendable, Hashable {
    case allowed
    case refused
    case of(JSONSchema)
  }

  /// A property of an object.
  public struct Property: Sendable, Hashable {
    public var name: String
    public var schema: JSONSchema
    public var isRequired: Bool

    /// A property.
    public init(_ name: String, _ schema: JSONSchema, isRequired: Bool = true) {
      self.name = name
      self.schema = schema
      self.isRequired = isRequired
    }
  }

  public var shape: Shape
  public var isNullable: Bool
  public var description: String?
  public var values: [RawJSON]?
  public var defaultValue: RawJSON?
  public var example: RawJSON?
  public var format: String?
  public var minimum: Double?
  public var maximum: Double?
  public var isMinimumExclusive: Bool
  public var minimumLength: Int?
  public var maximumLength: Int?

  /// A schema of a shape.
  public init(
    _ shape: Shape, isNullable: Bool = false, description: String? = nil, values: [RawJSON]? = nil,
    defaultValue: RawJSON? = nil, example: RawJSON? = nil, format: String? = nil, minimum: Double? = nil,
    maximum: Double? = nil, isMinimumExclusive: Bool = false, minimumLength: Int? = nil, maximumLength: Int? = nil
  ) {
    self.shape = shape
    self.isNullable = isNullable
    self.description = description
    self.values = values
    self.defaultValue = defaultValue
    self.example = example
    self.format = format
    self.minimum = minimum
    self.maximum = maximum
    self.isMinimumExclusive = isMinimumExclusive
    self.minimumLength = minimumLength
    self.maximumLength = maximumLength
  }

  /// An object with exactly these properties.
  public static func object(_ properties: [Property]) -> JSONSchema {
    JSONSchema(.object(properties: properties, additional: .refused))
  }
}

extension JSONSchema {
  /// The schema as JSON text.
  public var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 256)
    write(to: &writer)
    return writer.finish()
  }

  /// Appends the schema to a larger document.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writeShape(to: &writer)
    if let description { writer.member("description", description) }
    if let format { writer.member("format", format) }
    if let minimum { writer.member(isMinimumExclusive ? "exclusiveMinimum" : "minimum", minimum) }
    if let maximum { writer.member("maximum", maximum) }
    let (lowest, highest) = if case .array = shape { ("minItems", "maxItems") } else { ("minLength", "maxLength") }
    if let minimumLength { writer.member(lowest, minimumLength) }
    if let maximumLength { writer.member(highest, maximumLength) }
    if let values {
      writer.key("enum")
      writer.beginArray()
      for value in values { writer.raw(value) }
      // An enumeration must name null too, or null is refused although the type allows it.
      if isNullable, !values.contains(.null) { writer.null() }
      writer.endArray()
    }
    if let defaultValue { writer.member("default", defaultValue) }
    if let example {
      writer.key("examples")
      writer.beginArray()
      writer.raw(example)
      writer.endArray()
    }
    writer.endObject()
  }

  private func writeShape(to writer: inout JSONWriter) {
    switch shape {
    case .any: break
    case .boolean: writeType("boolean", &writer)
    case .integer: writeType("integer", &writer)
    case .number: writeType("number", &writer)
    case .string: writeType("string", &writer)
    case .array(let element):
      writeType("array", &writer)
      writer.key("items")
      element.write(to: &writer)
    case .object(let properties, let additional):
      writeType("object", &writer)
      writeObject(properties, additional, &writer)
    case .oneOf(let schemas):
      writer.key("oneOf")
      writer.beginArray()
      for schema in schemas { schema.write(to: &writer) }
      if isNullable { Self.writeNull(&writer) }
      writer.endArray()
    case .reference(let name) where isNullable:
      writer.key("anyOf")
      writer.beginArray()
      JSONSchema(.reference(name)).write(to: &writer)
      Self.writeNull(&writer)
      writer.endArray()
    case .reference(let name):
      writer.member("$ref", "#/components/schemas/\(name)")
    }
  }

  private static func writeNull(_ writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("type", "null")
    writer.endObject()
  }

  private func writeType(_ name: String, _ writer: inout JSONWriter) {
    writer.key("type")
    guard isNullable else { return writer.string(name) }
    writer.beginArray()
    writer.string(name)
    writer.string("null")
    writer.endArray()
  }

  private func writeObject(_ properties: [Property], _ additional: Additional, _ writer: inout JSONWriter) {
    if !properties.isEmpty {
      writer.key("properties")
      writer.beginObject()
      for property in properties {
        writer.key(property.name)
        property.schema.write(to: &writer)
      }
      writer.endObject()
      let required = properties.filter(\.isRequired)
      if !required.isEmpty {
        writer.key("required")
        writer.beginArray()
        for property in required { writer.string(property.name) }
        writer.endArray()
      }
    }
    switch additional {
    case .allowed: break
    case .refused: writer.member("additionalProperties", false)
    case .of(let schema):
      writer.key("additionalProperties")
      schema.write(to: &writer)
    }
  }
}
