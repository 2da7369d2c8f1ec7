public import CelerityJSON

#if canImport(Yams)
  import Yams
#endif

extension RawJSON {
  /// Whether YAML is read here: not in builds without a parser for it, as that of the fuzzed parsers.
  public static var isYAMLRead: Bool {
    #if canImport(Yams)
      true
    #else
      false
    #endif
  }

  /// Reads a text in YAML as `yaml.safe_load` of Python does: plain values, lists and mappings. Scalars mean what they mean to
  /// PyYAML, whose rules are those of YAML 1.1 with some of its own (`resolver.py`): `1e5` is text there. Dates stay text. Keys
  /// become names as Python's `json` makes them of numbers and words. Tags of objects and all others that are no plain value are
  /// refused.
  public init(yaml text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) {
    let bytes = Array(text.utf8)
    guard bytes.count <= limits.maximumBytes else {
      throw YAMLError(.tooLarge, "the YAML has \(bytes.count) bytes; at most \(limits.maximumBytes) are taken")
    }
    guard !Self.mayMultiply(bytes, limits) else {
      throw YAMLError(.tooLarge, "the YAML refers to its own parts more than \(limits.maximumReferences) times")
    }
    #if canImport(Yams)
      self = try YAMLReader(limits).read(text)
    #else
      throw YAMLError(.disallowed, "YAML is not read here")
    #endif
  }

  /// Reads bytes that are to be UTF-8.
  public init(yaml bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw YAMLError(.malformed, "the YAML is no UTF-8")
    }
    try self.init(yaml: text, limits: limits)
  }

  /// Whether there are marks (`&name`) and more references to them (`*name`) than are taken, in texts as well as outside.
  private static func mayMultiply(_ bytes: [UInt8], _ limits: YAMLLimits) -> Bool {
    func count(_ sign: Character) -> Int {
      zip(bytes, bytes.dropFirst()).count { $0 == sign.asciiValue && $1 > 0x20 && $1 != sign.asciiValue }
    }
    return count("*") > limits.maximumReferences && count("&") > 0
  }
}
