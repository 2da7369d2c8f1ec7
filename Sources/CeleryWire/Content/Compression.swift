/// Undoes the compression of bodies and results, by the names that kombu registers (kombu.compression).
///
/// A small body may claim to be gigabytes, so what is unpacked is counted while it comes and never grows beyond the limit.
enum Compression {
  /// Formats that are read.
  enum Format {
    /// What kombu calls gzip is a zlib stream (RFC 1950); real gzip files (RFC 1952) are taken as well.
    case zlib
    case bzip2
    case zstd
  }

  /// The bytes before they were compressed; `nil` and the empty name mean that they never were.
  static func undone(_ bytes: [UInt8], by name: String?, maximumBytes: Int) throws(WireFault) -> [UInt8] {
    switch try format(name) {
    case nil: return bytes
    case .zlib?: return try unpacked(bytes, ZlibStream(), maximumBytes)
    case .bzip2?: return try unpacked(bytes, Bzip2Stream(), maximumBytes)
    case .zstd?: return try unpacked(bytes, ZstdStream(maximumBytes: maximumBytes), maximumBytes)
    }
  }

  private static func format(_ name: String?) throws(WireFault) -> Format? {
    switch name {
    case nil, "": return nil
    case "application/x-gzip", "gzip", "zlib": return .zlib
    case "application/x-bz2", "bzip2", "bzip": return .bzip2
    case "application/zstd", "zstd", "zstandard": return .zstd
    case "application/x-brotli", "brotli", "application/x-lzma", "lzma", "xz":
      throw WireFault(
        .compressionUnknown, "bodies compressed as '\(name ?? "")' are not read; use gzip, bzip2, zstd or none")
    case .some(let other):
      throw WireFault(.compressionUnknown, "'\(other.prefix(80))' is no compression that is known here")
    }
  }

  private static func unpacked(
    _ bytes: [UInt8], _ opened: (any PackedStream)?, _ maximumBytes: Int
  ) throws(WireFault) -> [UInt8] {
    guard let stream = opened else { throw WireFault(.tooLarge, "there is no memory to decompress the body") }
    let chunk = min(max(bytes.count * 4, 4096), 256 << 10)
    var result: [UInt8] = []
    var position = 0
    while true {
      let room = min(chunk, maximumBytes - result.count + 1)
      let step = bytes.withUnsafeBufferPointer { source in
        stream.step(UnsafeBufferPointer(rebasing: source[position...]), into: &result, room: room)
      }
      position += step.taken
      guard result.count <= maximumBytes else {
        throw WireFault(.tooLarge, "the body is larger than \(maximumBytes) bytes once it is decompressed")
      }
      switch step.state {
      case 0: return result
      case 1 where step.taken > 0 || step.written > 0: continue
      // Without any progress the stream is cut.
      default: throw WireFault(.malformed, "the compressed body is damaged")
      }
    }
  }
}
