import CAssets
import CZlib

/// A file that pages load: style sheets, scripts, the icon. Its name holds a hash of its content, so that a browser may keep
/// it for ever.
struct Asset: Sendable {
  /// How the bytes are kept.
  private enum Content: Sendable {
    case plain([UInt8])
    /// Linked into the program, compressed with gzip. C's pointers can't be sent about, so they are asked for anew.
    case gzipped(@Sendable () -> CelerityAsset)
  }

  let name: String
  let hash: String
  let mediaType: String
  private let content: Content

  /// A file that is written in Swift.
  init(_ name: String, _ mediaType: String, _ text: String) {
    self.name = name
    self.mediaType = mediaType
    let bytes = Array(text.utf8)
    hash = contentHash(bytes)
    content = .plain(bytes)
  }

  /// A file that was fetched at set-up; `nil` when it was not.
  init?(_ name: String, _ mediaType: String, fetched find: @escaping @Sendable () -> CelerityAsset) {
    let asset = find()
    guard asset.length > 0 else { return nil }
    self.name = name
    self.mediaType = mediaType
    hash = String(cString: asset.hash)
    content = .gzipped(find)
  }

  /// Its path, relative to the root: `assets/style.0123abcd.css`.
  var path: String { "assets/" + file }

  /// The last segment of its path.
  var file: String {
    let parts = name.split(separator: ".")
    return "\(parts[0]).\(hash).\(parts[1])"
  }

  /// The bytes for a client that takes gzip or does not, and whether they are compressed. `nil` when what was linked in is
  /// damaged.
  func bytes(acceptsGzip: Bool) -> (bytes: [UInt8], isGzipped: Bool)? {
    switch content {
    case .plain(let bytes): return (bytes, false)
    case .gzipped(let find):
      let asset = find()
      let packed = UnsafeBufferPointer(start: asset.bytes, count: asset.length)
      if acceptsGzip { return (Array(packed), true) }
      return Self.unpacked(packed, length: asset.fullLength).map { ($0, false) }
    }
  }

  private static func unpacked(_ packed: UnsafeBufferPointer<UInt8>, length: Int) -> [UInt8]? {
    var isWhole = false
    let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      isWhole = celerity_gunzip(packed.baseAddress, packed.count, buffer.baseAddress, length) == 0
      count = isWhole ? length : 0
    }
    return isWhole ? bytes : nil
  }
}

extension Asset {
  static let frame = Asset("frame.css", "text/css; charset=utf-8", Stylesheet.frame)
  static let style = Asset("style.css", "text/css; charset=utf-8", Stylesheet.pages)
  static let swaggerTheme = Asset("swagger-theme.css", "text/css; charset=utf-8", Stylesheet.swagger)
  static let swaggerStart = Asset("swagger-start.js", "text/javascript; charset=utf-8", SwaggerScript.text)
  static let icon = Asset("icon.svg", "image/svg+xml", Icon.svg)
  static let swaggerScript = Asset(
    "swagger-ui.js", "text/javascript; charset=utf-8", fetched: { celerity_swagger_script() })
  static let swaggerStyle = Asset("swagger-ui.css", "text/css; charset=utf-8", fetched: { celerity_swagger_style() })

  /// All of them by the last segment of their paths.
  static let byFile: [String: Asset] = Dictionary(
    [frame, style, swaggerTheme, swaggerStart, icon, swaggerScript, swaggerStyle].compactMap(\.self).map {
      ($0.file, $0)
    }
  ) { first, _ in first }
}

/// 64 bits of FNV-1a (Fowler, Noll, Vo) in hex: tells versions of our own files apart, proves nothing.
func contentHash(_ bytes: [UInt8]) -> String {
  let hash = bytes.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
