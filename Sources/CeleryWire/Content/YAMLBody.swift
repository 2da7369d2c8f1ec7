import CelerityJSON

#if canImport(Yams)
  import Yams

  /// Bodies in YAML as `yaml.safe_dump` writes them: plain values, lists and mappings become JSON.
  ///
  /// Scalars mean what they mean to PyYAML, whose rules are those of YAML 1.1 with some of its own (`resolver.py`): `1e5` is
  /// text there. Dates stay text. Tags of Python's objects and all others that are no plain value are refused.
  enum YAMLBody {
    static let isRead = true
    /// The parser holds a tree of about a hundred times the text.
    static let maximumBytes = 1 << 20
    static let maximumDepth = 64
    /// References multiply what is read: with so many the tree has less than twenty times the size of its text.
    static let maximumReferences = 8

    static func json(_ bytes: [UInt8], maximumBytes: Int) throws(WireFault) -> RawJSON {
      guard bytes.count <= Self.maximumBytes else {
        throw WireFault(.tooLarge, "the YAML has \(bytes.count) bytes; at most \(Self.maximumBytes) are taken")
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw WireFault(.malformed, "the YAML is no UTF-8")
      }
      guard !mayMultiply(bytes) else {
        throw WireFault(.tooLarge, "the YAML refers to its own parts more than \(Self.maximumReferences) times")
      }
      var writer = JSONWriter(reservingCapacity: bytes.count)
      do {
        guard let root = try Parser(yaml: text, resolver: .basic).singleRoot() else {
          throw WireFault(.malformed, "the YAML is empty")
        }
        try write(root, depth: 0, limit: maximumBytes, to: &writer)
      } catch let fault as WireFault {
        throw fault
      } catch {
        throw WireFault(.malformed, "the body is no acceptable YAML: \("\(error)".prefix(200))")
      }
      // Two keys of YAML can be one name in JSON.
      var limits = PythonJSON.limits
      limits.maximumStringBytes = maximumBytes
      return try PythonJSON.value(writer.finish().bytes, limits: limits, what: "what the YAML says")
    }

    /// Whether there are marks (`&name`) and more references to them (`*name`) than are taken, in texts as well as outside.
    private static func mayMultiply(_ bytes: [UInt8]) -> Bool {
      func count(_ sign: Character) -> Int {
        zip(bytes, bytes.dropFirst()).count { $0 == sign.asciiValue && $1 > 0x20 && $1 != sign.asciiValue }
      }
      return count("*") > maximumReferences && count("&") > 0
    }

    private static func write(
      _ node: Node, depth: Int, limit: Int, to writer: inout JSONWriter
    ) throws(WireFault) {
      guard depth < maximumDepth else {
        throw WireFault(.malformed, "the YAML nests deeper than \(maximumDepth) levels")
      }
      guard writer.bytes.count <= limit else { throw WireFault(.tooLarge, "the YAML says more than \(limit) bytes") }
      switch node {
      case .scalar(let scalar): writer.raw(try value(scalar))
      case .sequence(let sequence):
        try check(sequence.tag, "tag:yaml.org,2002:seq")
        writer.beginArray()
        for element in sequence { try write(element, depth: depth + 1, limit: limit, to: &writer) }
        writer.endArray()
      case .mapping(let mapping):
        try check(mapping.tag, "tag:yaml.org,2002:map")
        writer.beginObject()
        for (key, element) in mapping {
          writer.key(try name(key))
          try write(element, depth: depth + 1, limit: limit, to: &writer)
        }
        writer.endObject()
      case .alias: throw WireFault(.malformed, "the YAML refers to what is not there")
      }
    }

    private static func check(_ tag: Tag, _ plain: String) throws(WireFault) {
      guard ["", "!", plain].contains(tag.description) else {
        throw WireFault(.contentDisallowed, "YAML of the type '\(tag.description.prefix(80))' is not read")
      }
    }

    private static func value(_ scalar: Node.Scalar) throws(WireFault) -> RawJSON {
      switch scalar.tag.description {
      case "" where scalar.style == .plain, "!" where scalar.style == .plain: return YAMLScalar.value(scalar.string)
      case "", "!", "tag:yaml.org,2002:str": return .string(scalar.string)
      case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
        return YAMLScalar.value(scalar.string)
      case let other:
        throw WireFault(.contentDisallowed, "YAML of the type '\(other.prefix(80))' is not read")
      }
    }

    /// A key as Python's `json` writes keys: numbers and words become text.
    private static func name(_ key: Node) throws(WireFault) -> String {
      guard case .scalar(let scalar) = key else { throw WireFault(.malformed, "a key in the YAML is no plain value") }
      guard scalar.string != "<<" || scalar.style != .plain else {
        throw WireFault(.contentDisallowed, "YAML that merges mappings ('<<') is not read")
      }
      // The parser has compared the keys as texts and says now that all of them are.
      let isPlain = scalar.style == .plain && scalar.tag.description == "tag:yaml.org,2002:str"
      let value = isPlain ? YAMLScalar.value(scalar.string) : try value(scalar)
      return value.stringValue ?? value.description
    }
  }
#else
  /// Without a YAML parser, as in the fuzzed build, YAML is content that is not read.
  enum YAMLBody {
    static let isRead = false

    static func json(_ bytes: [UInt8], maximumBytes: Int) throws(WireFault) -> RawJSON {
      throw WireFault(.contentDisallowed, "YAML is not read here")
    }
  }
#endif
