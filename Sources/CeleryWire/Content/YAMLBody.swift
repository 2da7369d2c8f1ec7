import CelerityJSON
import CelerityYAML

/// Bodies in YAML as `yaml.safe_dump` writes them: plain values, lists and mappings become JSON.
enum YAMLBody {
  static let isRead = RawJSON.isYAMLRead

  static func json(_ bytes: [UInt8], maximumBytes: Int) throws(WireFault) -> RawJSON {
    var limits = YAMLLimits(json: PythonJSON.limits)
    limits.json.maximumBytes = maximumBytes
    limits.json.maximumStringBytes = maximumBytes
    do {
      return try RawJSON(yaml: bytes, limits: limits)
    } catch {
      throw WireFault(Self.kind(error.code), error.description)
    }
  }

  private static func kind(_ code: YAMLError.Code) -> WireFault.Kind {
    switch code {
    case .malformed: .malformed
    case .tooLarge: .tooLarge
    case .disallowed: .contentDisallowed
    }
  }
}
