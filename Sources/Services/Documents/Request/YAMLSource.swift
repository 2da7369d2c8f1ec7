public import CelerityJSON

/// Reads a YAML text, the safe subset of YAML 1.2 that JSON can say, as the JSON value it stands for; throws what is wrong
/// with it.
public typealias YAMLReading = @Sendable (_ text: String) throws -> RawJSON

/// Where the data of a request in YAML come from.
struct YAMLSource: Sendable {
  /// `nil` where the program was built without a reader.
  let read: YAMLReading?

  /// The data in `yaml_data`, which must be a mapping.
  func data(_ fields: RequestFields) throws(DocumentError) -> RawJSON {
    let text = try fields.requiredText("yaml_data")
    guard let read else {
      throw DocumentError(.programMissing, "this server can't read YAML", suggestedFix: "send the data as JSON")
    }
    let value: RawJSON
    do {
      // A reader's bounds are its own; ours hold for whatever comes out of it.
      value = try RawJSON(validating: read(text).bytes, limits: DocumentRequest.limits)
    } catch {
      throw DocumentError(
        .badYAML, "yaml_data can't be read: \("\(error)".prefix(300))", field: "yaml_data",
        suggestedFix: "check the indentation and the quotes")
    }
    guard value.kind == .object else {
      throw DocumentError(.badYAML, "yaml_data must be a mapping", field: "yaml_data")
    }
    return value
  }
}
