import CZlib

/// Undoes the compression of bodies. What kombu calls gzip is a zlib stream (RFC 1950).
enum Compression {
  static func undone(_ bytes: [UInt8], by name: String?, maximumBytes: Int) throws(WireFault) -> [UInt8] {
    switch name {
    case nil, "": return bytes
    case "application/x-gzip", "gzip", "zlib": return try inflated(bytes, maximumBytes)
    case .some(let other):
      throw WireFault(
        .compressionUnknown, "bodies compressed as '\(other.prefix(80))' are not read; use gzip or no compression")
    }
  }

  /// Inflates zlib and gzip streams, never into more than the limit: a small body may claim to be gigabytes.
  private static func inflated(_ bytes: [UInt8], _ maximumBytes: Int) throws(WireFault) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: min(maximumBytes + 1, max(bytes.count * 4, 1024)))
    while true {
      var written = result.count
      let code = bytes.withUnsafeBufferPointer { source in
        result.withUnsafeMutableBufferPointer { target in
          celerity_inflate(source.baseAddress, source.count, target.baseAddress, &written)
        }
      }
      switch code {
      case 0: return Array(result[..<written])
      case 1 where result.count <= maximumBytes:
        result = [UInt8](repeating: 0, count: min(maximumBytes + 1, result.count * 4))
      case 1: throw WireFault(.tooLarge, "the body is larger than \(maximumBytes) bytes once it is decompressed")
      default: throw WireFault(.malformed, "the compressed body is damaged")
      }
    }
  }
}
