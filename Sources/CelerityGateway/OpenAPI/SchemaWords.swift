import CelerityCore
import CelerityJSON

/// Short forms for the schemas of `/v1`. Objects are left open, because answers may gain members in later versions.
extension JSONSchema {
  /// A string.
  static func text(_ description: String, example: String? = nil) -> JSONSchema {
    JSONSchema(.string, description: description, example: example.map(RawJSON.string))
  }

  /// A moment of RFC 3339 in UTC with microseconds.
  static func time(_ description: String) -> JSONSchema {
    JSONSchema(
      .string, description: description, example: .string("2026-03-01T12:00:00.000000Z"), format: "date-time")
  }

  /// A number of things.
  static func count(_ description: String) -> JSONSchema {
    JSONSchema(.integer, description: description, minimum: 0)
  }

  /// A number of seconds.
  static func seconds(_ description: String) -> JSONSchema {
    JSONSchema(.number, description: description, minimum: 0)
  }

  /// True or false.
  static func flag(_ description: String) -> JSONSchema { JSONSchema(.boolean, description: description) }

  /// Any JSON value.
  static func anything(_ description: String) -> JSONSchema { JSONSchema(.any, description: description) }

  /// An object of any members.
  static func freeObject(_ description: String) -> JSONSchema {
    JSONSchema(.object(properties: [], additional: .allowed), description: description)
  }

  /// One of some words.
  static func words(_ description: String, _ words: [String]) -> JSONSchema {
    JSONSchema(.string, description: description, values: words.map(RawJSON.string))
  }

  /// An array.
  static func list(of element: JSONSchema, _ description: String) -> JSONSchema {
    JSONSchema(.array(element), description: description)
  }

  /// An object with at least these properties.
  static func record(_ description: String, _ properties: [Property]) -> JSONSchema {
    JSONSchema(.object(properties: properties, additional: .allowed), description: description)
  }

  /// A schema of the document's components.
  static func component(_ name: String) -> JSONSchema { JSONSchema(.reference(name)) }

  /// The same, or null.
  var orNull: JSONSchema {
    var schema = self
    schema.isNullable = true
    return schema
  }
}

extension JSONSchema.Property {
  /// The same property, which may be left out.
  var optional: JSONSchema.Property {
    var property = self
    property.isRequired = false
    return property
  }
}
