import CelerityJSON

/// JSON given on the command line: a text, `@file`, or `-` for standard input.
struct ArgumentText: Sendable {
  /// The option it belongs to, `--args`.
  let option: String
  let kind: RawJSON.Kind

  /// What the option takes, in words.
  private var expectation: String { kind == .array ? "an array" : "an object" }
  private var example: String { kind == .array ? "'[1, \"two\"]'" : "'{\"amount\": 10000}'" }

  /// Reads what the option was given.
  func read(_ text: String) throws(ClientError) -> RawJSON {
    let isFile = text.hasPrefix("@") && text.count > 1
    let source = isFile ? String(text.dropFirst()) : text
    let bytes = isFile || text == "-" ? try InputText.bytes(of: source) : Array(text.utf8)
    let value: RawJSON
    do {
      value = try RawJSON(validating: bytes)
    } catch {
      throw refusal(bytes, error, from: isFile || text == "-" ? InputText.name(source) : nil)
    }
    guard value.kind == kind else { throw wrongKind(value) }
    return value
  }

  private func wrongKind(_ value: RawJSON) -> ClientError {
    let text = JSONText.line(value, escaping: true)
    let wrapped = kind == .array ? "\(option) " + ShellWords.quoted("[\(text)]") : nil
    let other = value.kind == .object && kind == .array ? "--kwargs " : value.kind == .array ? "--args " : nil
    let hint = text.count <= 200 ? other.map { $0 + ShellWords.quoted(text) } ?? wrapped : nil
    return ClientError(
      "\(option) must be \(expectation)", cause: "it is \(Self.name(value.kind)): \(TextWidth.fit(text, columns: 60))",
      hint: hint ?? "\(option) \(example)", status: .usage)
  }

  private func refusal(_ bytes: [UInt8], _ error: JSONError, from source: String?) -> ClientError {
    let place = source.map { "in \($0) " } ?? ""
    var cause = "\(place)\(error.message)\n" + TextPlace(bytes, offset: error.offset).picture
    let text = String(decoding: bytes.prefix(4097), as: UTF8.self)
    let repaired = bytes.count > 4096 ? nil : JSONRepair.guess(text) ?? JSONRepair.join([text])?.value
    guard source == nil else {
      return ClientError(
        "\(option) is not JSON", cause: cause, hint: repaired.map { "did you mean \($0)" }, status: .usage)
    }
    if !bytes.contains(UInt8(ascii: "\"")), repaired != nil {
      cause += "\nthis is what the shell passed on: double quotes outside single ones are taken away by it"
    }
    let hint = repaired.map { ShellWords.quoted($0.description) } ?? example
    return ClientError("\(option) is not JSON", cause: cause, hint: "\(option) \(hint)", status: .usage)
  }

  private static func name(_ kind: RawJSON.Kind) -> String {
    switch kind {
    case .null: "null"
    case .boolean: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
