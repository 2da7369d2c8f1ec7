/// A ZIP archive of stored entries (APPNOTE.TXT 6.3.10), whose bytes depend on nothing but what is added.
struct ZIPArchive {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count: UInt16 = 0

  /// The first moment an entry can bear: 1980-01-01 00:00.
  private static let date: UInt16 = 1 << 5 | 1

  /// Adds a file of less than 4 GiB.
  mutating func add(_ name: String, _ content: [UInt8]) {
    let name = Array(name.utf8)
    let offset = UInt32(bytes.count)
    var fields: [UInt8] = []
    // Version 2.0; names are UTF-8; stored.
    fields.append(little: UInt16(20), UInt16(1 << 11), UInt16(0), UInt16(0), Self.date)
    fields.append(little: CRC32.checksum(content), UInt32(content.count), UInt32(content.count))
    fields.append(little: UInt16(name.count), UInt16(0))
    bytes.append(little: UInt32(0x0403_4B50))
    bytes += fields + name + content
    directory.append(little: UInt32(0x0201_4B50))
    directory.append(little: UInt16(20))
    directory += fields
    // No comment, first disk, no attributes.
    directory.append(little: UInt16(0), UInt16(0), UInt16(0))
    directory.append(little: UInt32(0), offset)
    directory += name
    count += 1
  }

  /// The archive with all that was added.
  func finish() -> [UInt8] {
    var end: [UInt8] = []
    end.append(little: UInt32(0x0605_4B50))
    end.append(little: UInt16(0), UInt16(0), count, count)
    end.append(little: UInt32(directory.count), UInt32(bytes.count))
    end.append(little: UInt16(0))
    return bytes + directory + end
  }
}

extension [UInt8] {
  /// Appends numbers, the least significant byte of each first.
  fileprivate mutating func append<Number: FixedWidthInteger>(little numbers: Number...) {
    for number in numbers {
      Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
  }
}
