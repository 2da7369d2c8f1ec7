import CelerityJSON

/// A value's text without what does not matter: whitespace and the spelling of strings.
func canonical(_ json: RawJSON) -> String {
  if let elements = json.elements() { return "[" + elements.map(canonical).joined(separator: ",") + "]" }
  if let members = json.members() {
    return "{" + members.map { "\($0.name):" + canonical($0.value) }.joined(separator: ",") + "}"
  }
  return json.stringValue.map { "'" + $0 } ?? json.description
}
