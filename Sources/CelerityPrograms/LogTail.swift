/// The last bytes of a stream of any length, in at most twice their room.
struct LogTail {
  private let limit: Int
  private var kept: [UInt8] = []

  init(_ limit: Int) { self.limit = max(0, limit) }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    kept.append(contentsOf: bytes.suffix(limit))
    if kept.count > 2 * limit { kept.removeFirst(kept.count - limit) }
  }

  var bytes: [UInt8] { kept.suffix(limit) }
}
