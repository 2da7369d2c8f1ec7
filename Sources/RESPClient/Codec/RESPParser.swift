public import NIOCore

/// Reads replies out of bytes that arrive in any pieces. It keeps what it has read of an unfinished reply, so that no byte
/// is looked at twice however often it is called.
public struct RESPParser: Sendable {
  /// An aggregate that is not complete yet.
  private struct Frame {
    enum Kind { case array, map, set, push, attribute }

    var kind: Kind
    var missing: Int
    var values: [RESPValue] = []
  }

  /// A string whose length is known and whose bytes have not all come.
  private struct Pending {
    var length: Int
    var isVerbatim: Bool
    var isError: Bool
  }

  private let limits: RESPLimits
  private var frames: [Frame] = []
  private var pending: Pending?
  /// How many bytes of an unfinished line were looked at.
  private var scanned = 0

  /// A parser at the beginning of a reply.
  public init(limits: RESPLimits = RESPLimits()) { self.limits = limits }

  /// Whether it is between two replies.
  public var isIdle: Bool { frames.isEmpty && pending == nil && scanned == 0 }

  /// The next whole reply; `nil` when more bytes are needed.
  public mutating func next(_ buffer: inout ByteBuffer) throws(RESPProtocolError) -> RESPValue? {
    while let value = try token(&buffer) {
      if let whole = add(value) { return whole }
    }
    return nil
  }

  /// Puts a value in its place; answers the whole reply when this completed it.
  private mutating func add(_ value: RESPValue) -> RESPValue? {
    var value = value
    while var frame = frames.popLast() {
      frame.values.append(value)
      frame.missing -= 1
      guard frame.missing == 0 else {
        frames.append(frame)
        return nil
      }
      // An attribute is talk about the reply that follows it; nothing here needs it.
      guard let whole = Self.aggregate(frame) else { return nil }
      value = whole
    }
    return value
  }

  private static func aggregate(_ frame: Frame) -> RESPValue? {
    switch frame.kind {
    case .array: .array(frame.values)
    case .set: .set(frame.values)
    case .push: .push(frame.values)
    case .map:
      .map(stride(from: 0, to: frame.values.count, by: 2).map { .init(frame.values[$0], frame.values[$0 + 1]) })
    case .attribute: nil
    }
  }

  /// The next value that is no unfinished aggregate.
  private mutating func token(_ buffer: inout ByteBuffer) throws(RESPProtocolError) -> RESPValue? {
    while true {
      if let pending { return try string(pending, &buffer) }
      guard var line = try line(&buffer) else { return nil }
      guard let type = line.readInteger(as: UInt8.self) else { throw RESPProtocolError("an empty line") }
      if let value = try begin(type, line) { return value }
    }
  }

  /// A value that is whole with its line; `nil` when it only begins with it.
  private mutating func begin(_ type: UInt8, _ line: ByteBuffer) throws(RESPProtocolError) -> RESPValue? {
    switch type {
    case UInt8(ascii: "+"): return .simpleString(String(buffer: line))
    case UInt8(ascii: "-"): return .error(RESPError(String(buffer: line)))
    case UInt8(ascii: ":"): return .integer(try Self.number(line))
    case UInt8(ascii: "_"): return .null
    case UInt8(ascii: ","): return .double(try Self.double(line))
    case UInt8(ascii: "#"): return .boolean(try Self.boolean(line))
    case UInt8(ascii: "("): return .bigNumber(String(buffer: line))
    case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"):
      guard let length = try length(line, limits.maximumStringBytes) else { return .null }
      pending = Pending(length: length, isVerbatim: type == UInt8(ascii: "="), isError: type == UInt8(ascii: "!"))
      return nil
    case UInt8(ascii: "*"): return try open(.array, line)
    case UInt8(ascii: "%"): return try open(.map, line)
    case UInt8(ascii: "~"): return try open(.set, line)
    case UInt8(ascii: ">"): return try open(.push, line)
    case UInt8(ascii: "|"): return try open(.attribute, line)
    default: throw RESPProtocolError("a reply begins with the byte \(type)")
    }
  }

  private mutating func open(_ kind: Frame.Kind, _ line: ByteBuffer) throws(RESPProtocolError) -> RESPValue? {
    guard let count = try length(line, limits.maximumElements) else { return .null }
    let values = kind == .map || kind == .attribute ? count * 2 : count
    guard values > 0 else { return Self.aggregate(Frame(kind: kind, missing: 0)) }
    guard frames.count < limits.maximumDepth else {
      throw RESPProtocolError("a reply nests deeper than \(limits.maximumDepth) levels")
    }
    // Nothing is reserved for the announced count: it is only a claim until the elements come.
    frames.append(Frame(kind: kind, missing: values))
    return nil
  }

  private mutating func string(
    _ pending: Pending, _ buffer: inout ByteBuffer
  ) throws(RESPProtocolError) -> RESPValue? {
    guard buffer.readableBytes >= pending.length + 2 else { return nil }
    guard let bytes = buffer.readSlice(length: pending.length), buffer.readInteger(as: UInt16.self) == 0x0D0A else {
      throw RESPProtocolError("a string does not end where its length says")
    }
    self.pending = nil
    if pending.isError { return .error(RESPError(String(buffer: bytes))) }
    return pending.isVerbatim ? try Self.verbatim(bytes) : .bulkString(bytes)
  }

  private static func verbatim(_ bytes: ByteBuffer) throws(RESPProtocolError) -> RESPValue {
    var bytes = bytes
    guard let format = bytes.readString(length: 3), bytes.readInteger(as: UInt8.self) == UInt8(ascii: ":") else {
      throw RESPProtocolError("a verbatim string has no format")
    }
    return .verbatim(format: format, bytes)
  }
}

extension RESPParser {
  /// The next line without its end; `nil` when it has not all come.
  private mutating func line(_ buffer: inout ByteBuffer) throws(RESPProtocolError) -> ByteBuffer? {
    let view = buffer.readableBytesView
    let end = view[view.startIndex.advanced(by: scanned)...].firstIndex(of: 0x0A)
    let length = (end ?? view.endIndex) - view.startIndex
    guard length <= limits.maximumLineBytes else {
      throw RESPProtocolError("a line is longer than \(limits.maximumLineBytes) bytes")
    }
    guard end != nil else {
      scanned = length
      return nil
    }
    scanned = 0
    guard length > 0, var line = buffer.readSlice(length: length - 1), buffer.readInteger(as: UInt16.self) == 0x0D0A
    else { throw RESPProtocolError("a line does not end in CR LF") }
    return line.readSlice(length: line.readableBytes)
  }

  /// A length; `nil` for the -1 by which RESP2 says that nothing is there.
  private func length(_ line: ByteBuffer, _ maximum: Int) throws(RESPProtocolError) -> Int? {
    let number = try Self.number(line)
    if number == -1 { return nil }
    guard (0...Int64(maximum)).contains(number) else {
      throw RESPProtocolError("a length of \(number) is not possible or above the limit of \(maximum)")
    }
    return Int(number)
  }

  private static func number(_ line: ByteBuffer) throws(RESPProtocolError) -> Int64 {
    var value: Int64 = 0
    var isNegative = false
    for (index, byte) in line.readableBytesView.enumerated() {
      if index == 0, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
        isNegative = byte == UInt8(ascii: "-")
        continue
      }
      guard (0x30...0x39).contains(byte) else { throw RESPProtocolError("a number holds the byte \(byte)") }
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      // Counted downwards, because the smallest number has no positive twin.
      let (next, underflow) = tens.subtractingReportingOverflow(Int64(byte - 0x30))
      guard !overflow, !underflow else { throw RESPProtocolError("a number does not fit into 64 bits") }
      value = next
    }
    guard line.readableBytes > (isNegative ? 1 : 0), isNegative || value != .min else {
      throw RESPProtocolError("a number is empty or does not fit into 64 bits")
    }
    return isNegative ? value : -value
  }

  private static func double(_ line: ByteBuffer) throws(RESPProtocolError) -> Double {
    switch String(buffer: line) {
    case "inf", "+inf": return .infinity
    case "-inf": return -.infinity
    case "nan", "-nan": return .nan
    case let text:
      guard let number = Double(text) else { throw RESPProtocolError("'\(text.prefix(40))' is no number") }
      return number
    }
  }

  private static func boolean(_ line: ByteBuffer) throws(RESPProtocolError) -> Bool {
    switch String(buffer: line) {
    case "t": return true
    case "f": return false
    default: throw RESPProtocolError("a boolean is neither t nor f")
    }
  }
}
