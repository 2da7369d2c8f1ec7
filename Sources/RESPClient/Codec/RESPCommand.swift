public import NIOCore

/// A command with its arguments, as it goes to the server: an array of strings.
public struct RESPCommand: Sendable, Hashable {
  /// An argument: text, a number or bytes.
  public enum Argument: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case text(String)
    case number(Int64)
    case bytes(ByteBuffer)

    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .number(value) }

    /// A number of any width.
    public static func number(_ value: Int) -> Argument { .number(Int64(value)) }

    /// Texts byte by byte, as the server compares: `String` takes canonically equivalent spellings for one.
    public static func == (a: Argument, b: Argument) -> Bool {
      switch (a, b) {
      case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
      case (.number(let a), .number(let b)): a == b
      case (.bytes(let a), .bytes(let b)): a == b
      default: false
      }
    }
  }

  public var arguments: [Argument]

  /// A command by its words.
  public init(_ arguments: [Argument]) { self.arguments = arguments }

  /// A command by its words.
  public init(_ arguments: Argument...) { self.arguments = arguments }

  /// The first word, for messages.
  public var name: String {
    if case .text(let text)? = arguments.first { text } else { "" }
  }

  /// Appends the command in its form on the wire.
  public func write(to buffer: inout ByteBuffer) {
    buffer.writeHeader(UInt8(ascii: "*"), arguments.count)
    for argument in arguments { argument.write(to: &buffer) }
  }
}

extension RESPCommand.Argument {
  fileprivate func write(to buffer: inout ByteBuffer) {
    switch self {
    case .text(let text):
      buffer.writeHeader(UInt8(ascii: "$"), text.utf8.count)
      buffer.writeString(text)
    case .number(let number):
      buffer.writeHeader(UInt8(ascii: "$"), number.digits)
      buffer.writeDecimal(number)
    case .bytes(let bytes):
      buffer.writeHeader(UInt8(ascii: "$"), bytes.readableBytes)
      buffer.writeImmutableBuffer(bytes)
    }
    buffer.writeInteger(0x0D0A as UInt16)
  }
}

extension Int64 {
  /// How many bytes the number has in decimal, its sign included.
  fileprivate var digits: Int {
    var rest = magnitude
    var count = self < 0 ? 2 : 1
    while rest >= 10 {
      rest /= 10
      count += 1
    }
    return count
  }
}

extension ByteBuffer {
  fileprivate mutating func writeHeader(_ type: UInt8, _ count: Int) {
    writeInteger(type)
    writeDecimal(Int64(count))
    writeInteger(0x0D0A as UInt16)
  }

  /// Writes digits straight into the buffer: going by way of a string costs more than the rest of a small command.
  fileprivate mutating func writeDecimal(_ number: Int64) {
    if number < 0 { writeInteger(UInt8(ascii: "-")) }
    var divisor: UInt64 = 1
    let magnitude = number.magnitude
    while magnitude / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      writeInteger(UInt8(ascii: "0") + UInt8(magnitude / divisor % 10))
      divisor /= 10
    }
  }
}
