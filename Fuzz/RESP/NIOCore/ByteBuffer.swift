/// As much of SwiftNIO's byte buffer as the codec of `RESPClient` uses, with its names, so that the codec can be compiled
/// and instrumented without the package. It traps where an index is out of bounds.
public struct ByteBuffer: Sendable, Hashable {
  private var storage: ArraySlice<UInt8>

  public init(bytes: [UInt8] = []) { storage = bytes[...] }
  public init(string: String) { storage = Array(string.utf8)[...] }

  public var readableBytes: Int { storage.count }
  public var readableBytesView: ArraySlice<UInt8> { storage }

  public static func == (a: ByteBuffer, b: ByteBuffer) -> Bool { a.storage == b.storage }
  public func hash(into hasher: inout Hasher) { hasher.combine(storage) }

  public mutating func readInteger<Number: FixedWidthInteger>(as type: Number.Type = Number.self) -> Number? {
    guard let bytes = readSlice(length: Number.bitWidth / 8) else { return nil }
    return bytes.storage.reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
  }

  public mutating func readSlice(length: Int) -> ByteBuffer? {
    precondition(length >= 0, "NIO traps here too")
    guard length <= storage.count else { return nil }
    var slice = ByteBuffer()
    slice.storage = storage.prefix(length)
    storage = storage.dropFirst(length)
    return slice
  }

  public mutating func readString(length: Int) -> String? { readSlice(length: length).map { String(buffer: $0) } }

  public mutating func writeInteger<Number: FixedWidthInteger>(_ number: Number) {
    for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
      storage.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }

  public mutating func writeString(_ string: String) { storage.append(contentsOf: string.utf8) }
  public mutating func writeImmutableBuffer(_ buffer: ByteBuffer) { storage.append(contentsOf: buffer.storage) }
  public mutating func writeBytes(_ bytes: some Sequence<UInt8>) { storage.append(contentsOf: bytes) }
}

extension String {
  public init(buffer: ByteBuffer) { self.init(decoding: buffer.readableBytesView, as: UTF8.self) }
}
