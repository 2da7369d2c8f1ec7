#if canImport(Yams)
  import CelerityJSON
  import Yams

  /// Writes a tree of YAML as JSON.
  struct YAMLReader {
    private let limits: YAMLLimits

    init(_ limits: YAMLLimits) { self.limits = limits }

    func read(_ text: String) throws(YAMLError) -> RawJSON {
      var writer = JSONWriter(reservingCapacity: text.utf8.count)
      try write(try root(of: text), depth: 0, to: &writer)
      do {
        // Two keys of YAML can be one name in JSON.
        return try RawJSON(validating: writer.finish().bytes, limits: limits.json)
      } catch {
        throw YAMLError(
          error.code == .tooLarge ? .tooLarge : .malformed, "what the YAML says is no acceptable JSON: \(error)")
      }
    }

    private func root(of text: String) throws(YAMLError) -> Node {
      do {
        if let root = try Parser(yaml: text, resolver: .basic).singleRoot() { return root }
      } catch {
        throw Self.fault(error, in: text)
      }
      throw YAMLError(.malformed, "the YAML is empty")
    }

    private func write(_ node: Node, depth: Int, to writer: inout JSONWriter) throws(YAMLError) {
      guard depth < limits.maximumDepth else {
        throw YAMLError(.malformed, "the YAML nests deeper than \(limits.maximumDepth) levels", line: node.line)
      }
      guard writer.bytes.count <= limits.json.maximumBytes else {
        throw YAMLError(.tooLarge, "the YAML says more than \(limits.json.maximumBytes) bytes", line: node.line)
      }
      switch node {
      case .scalar(let scalar): writer.raw(try value(scalar))
      case .sequence(let sequence):
        try check(sequence.tag, "tag:yaml.org,2002:seq", node)
        writer.beginArray()
        for element in sequence { try write(element, depth: depth + 1, to: &writer) }
        writer.endArray()
      case .mapping(let mapping):
        try check(mapping.tag, "tag:yaml.org,2002:map", node)
        writer.beginObject()
        for (key, element) in mapping {
          writer.key(try name(key))
          try write(element, depth: depth + 1, to: &writer)
        }
        writer.endObject()
      case .alias: throw YAMLError(.malformed, "the YAML refers to what is not there", line: node.line)
      }
    }

    private func check(_ tag: Tag, _ plain: String, _ node: Node) throws(YAMLError) {
      guard ["", "!", plain].contains(tag.description) else { throw Self.refusal(tag, node.line) }
    }

    private func value(_ scalar: Node.Scalar) throws(YAMLError) -> RawJSON {
      switch scalar.tag.description {
      case "" where scalar.style == .plain, "!" where scalar.style == .plain: return YAMLScalar.value(scalar.string)
      case "", "!", "tag:yaml.org,2002:str": return .string(scalar.string)
      case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
        return YAMLScalar.value(scalar.string)
      default: throw Self.refusal(scalar.tag, scalar.mark?.line)
      }
    }

    /// A key as Python's `json` writes keys: numbers and words become text.
    private func name(_ key: Node) throws(YAMLError) -> String {
      guard case .scalar(let scalar) = key else {
        throw YAMLError(.malformed, "a key in the YAML is no plain value", line: key.line)
      }
      guard scalar.string != "<<" || scalar.style != .plain else {
        throw YAMLError(.disallowed, "YAML that merges mappings ('<<') is not read", line: key.line)
      }
      // The parser has compared the keys as texts and says now that all of them are.
      let isPlain = scalar.style == .plain && scalar.tag.description == "tag:yaml.org,2002:str"
      let value = isPlain ? YAMLScalar.value(scalar.string) : try value(scalar)
      return value.stringValue ?? value.description
    }

    private static func refusal(_ tag: Tag, _ line: Int?) -> YAMLError {
      YAMLError(.disallowed, "YAML of the type '\(tag.description.prefix(80))' is not read", line: line)
    }

    private static func fault(_ error: any Error, in text: String) -> YAMLError {
      switch error {
      case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
        YamlError.composer(_, let problem, let mark, _):
        return YAMLError(.malformed, "the YAML can't be read: \(problem)", line: mark.line)
      case YamlError.reader(let problem, let offset, _, _):
        let line = offset.map { 1 + text.utf8.prefix($0).count { $0 == 0x0A } }
        return YAMLError(.malformed, "the YAML can't be read: \(problem)", line: line)
      case YamlError.duplicatedKeysInMapping(let keys, let context):
        let names = keys.sorted().joined(separator: ", ").prefix(200)
        return YAMLError(.malformed, "the YAML has two values under one name: \(names)", line: context.mark.line)
      default: return YAMLError(.malformed, "the YAML can't be read: \("\(error)".prefix(200))")
      }
    }
  }

  extension Node {
    fileprivate var line: Int? { mark?.line }
  }
#endif
