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
    var cause = "\(place)\(error.message)\n" + JSONPlace(bytes, offset: error.offset).picture
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

/// A place in a text, as a line with a mark under it.
struct JSONPlace {
  /// The line and a second one that points at the place.
  let picture: String

  /// A place by its byte.
  init(_ bytes: [UInt8], offset: Int) {
    let offset = min(max(offset, 0), bytes.count)
    let start = bytes[..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let end = bytes[offset...].firstIndex(of: 0x0A) ?? bytes.count
    // Long lines are cut around the place.
    let before = SafeText.line(String(decoding: bytes[start..<offset], as: UTF8.self).trimmedStart(to: 40))
    let after = TextWidth.fit(SafeText.line(String(decoding: bytes[offset..<end], as: UTF8.self)), columns: 40)
    let number = bytes[..<start].count { $0 == 0x0A } + 1
    let label = bytes.contains(0x0A) ? "line \(number): " : ""
    picture =
      label + before + after + "\n" + String(repeating: " ", count: TextWidth.of(label) + TextWidth.of(before)) + "^"
  }
}

extension String {
  /// The end of the text, with `…` where something was left out before it.
  fileprivate func trimmedStart(to count: Int) -> String { self.count <= count ? self : "…" + suffix(count - 1) }
}
