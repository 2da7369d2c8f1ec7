#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a file of lines in chunks, so that its size does not matter. Lines of nothing but blanks are left out.
struct LineChunks: ~Copyable {
  /// Lines with their numbers, from 1.
  struct Chunk: Sendable {
    var lines: [(number: Int, bytes: [UInt8])] = []
    var size = 0
  }

  private let path: String
  private let descriptor: Int32
  private let maximumLines: Int
  private let maximumBytes: Int
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  private var number = 0

  /// Opens a file; `-` is standard input.
  init(_ path: String, maximumLines: Int, maximumBytes: Int) throws(ClientError) {
    self.path = path
    self.maximumLines = maximumLines
    self.maximumBytes = maximumBytes
    descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw InputText.unreadable(path) }
  }

  deinit { if descriptor > 0 { close(descriptor) } }

  /// The next lines, `nil` at the end. A chunk has one line at least, however long that is.
  mutating func next() throws(ClientError) -> Chunk? {
    var chunk = Chunk()
    while chunk.lines.count < maximumLines {
      guard let line = try peekLine() else { break }
      if !line.isEmpty, chunk.size + line.count > maximumBytes, !chunk.lines.isEmpty { break }
      start = min(start + line.count + 1, buffer.count)
      number += 1
      let bytes = Self.trimmed(line, isFirst: number == 1)
      guard !bytes.isEmpty else { continue }
      chunk.lines.append((number, Array(bytes)))
      chunk.size += bytes.count + 1
    }
    return chunk.lines.isEmpty ? nil : chunk
  }

  /// The next line without its end, still in the buffer; `nil` at the end of the file.
  private mutating func peekLine() throws(ClientError) -> ArraySlice<UInt8>? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) { return buffer[start..<end] }
      if isAtEnd { return start < buffer.count ? buffer[start...] : nil }
      let length = buffer.count - start
      try fill()
      searched = start + length
    }
  }

  private mutating func fill() throws(ClientError) {
    buffer.removeFirst(start)
    start = 0
    guard buffer.count <= 64 << 20 else {
      throw ClientError(
        "line \(number + 1) of \(InputText.name(path)) is longer than 64 MiB", hint: "one JSON object a line",
        status: .usage)
    }
    var piece = [UInt8](repeating: 0, count: 262_144)
    while true {
      if descriptor == 0 { try InputText.awaitInput() }
      let count = read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw InputText.unreadable(path) }
      isAtEnd = count == 0
      buffer += piece[..<count]
      return
    }
  }

  private static func trimmed(_ line: ArraySlice<UInt8>, isFirst: Bool) -> ArraySlice<UInt8> {
    var line = line
    if isFirst, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    while let byte = line.first, byte == 0x20 || byte == 0x09 || byte == 0x0D { line = line.dropFirst() }
    while let byte = line.last, byte == 0x20 || byte == 0x09 || byte == 0x0D { line = line.dropLast() }
    return line
  }
}
