public import NIOCore

/// A reply of a Redis server (RESP3, <https://redis.io/docs/latest/develop/reference/protocol-spec/>; RESP2 is a part of
/// it). Bytes are slices of what was read, not copies.
public indirect enum RESPValue: Sendable, Hashable {
  case simpleString(String)
  case error(RESPError)
  case integer(Int64)
  case bulkString(ByteBuffer)
  case array([RESPValue])
  /// The absent string, absent array and null of RESP2 and RESP3 alike.
  case null
  case double(Double)
  case boolean(Bool)
  /// An integer of any size, as its digits.
  case bigNumber(String)
  /// Text with its three-letter format, `txt` or `mkd`.
  case verbatim(format: String, ByteBuffer)
  /// Pairs in the order they were sent.
  case map([Pair])
  case set([RESPValue])
  /// What the server sends without being asked: a message of a subscription.
  case push([RESPValue])

  /// A key of a map with its value.
  public struct Pair: Sendable, Hashable {
    public var key: RESPValue
    public var value: RESPValue

    /// A pair of a map.
    public init(_ key: RESPValue, _ value: RESPValue) {
      self.key = key
      self.value = value
    }
  }
}

/// An error the server answered: a word in capitals and a message, `NOSCRIPT No matching script.`
public struct RESPError: Error, Sendable, Hashable, CustomStringConvertible {
  /// All of the error's line.
  public var message: String

  /// An error with its line.
  public init(_ message: String) { self.message = message }

  /// The first word, by which programs tell errors apart.
  public var code: Substring { message.prefix { $0 != " " } }

  public var description: String { message }
}

extension RESPValue {
  /// The bytes of any kind of string.
  public var bytes: ByteBuffer? {
    switch self {
    case .bulkString(let buffer), .verbatim(_, let buffer): buffer
    case .simpleString(let text), .bigNumber(let text): ByteBuffer(string: text)
    case .error, .integer, .array, .null, .double, .boolean, .map, .set, .push: nil
    }
  }

  /// The text of any kind of string; bytes that are no UTF-8 are repaired.
  public var string: String? {
    switch self {
    case .simpleString(let text), .bigNumber(let text): text
    case .bulkString(let buffer), .verbatim(_, let buffer): String(buffer: buffer)
    case .error, .integer, .array, .null, .double, .boolean, .map, .set, .push: nil
    }
  }

  /// A number, also when it was sent as text, as scripts and RESP2 do.
  public var integer: Int64? {
    switch self {
    case .integer(let number): number
    case .boolean(let flag): flag ? 1 : 0
    case .double(let number): Int64(exactly: number)
    case .simpleString, .bulkString, .verbatim, .bigNumber: string.flatMap { Int64($0) }
    case .error, .array, .null, .map, .set, .push: nil
    }
  }

  /// A floating-point number, also when it was sent as text, as RESP2 does.
  public var double: Double? {
    switch self {
    case .double(let number): number
    case .integer(let number): Double(number)
    case .simpleString, .bulkString, .verbatim, .bigNumber: string.flatMap { Double($0) }
    case .error, .array, .null, .boolean, .map, .set, .push: nil
    }
  }

  /// The elements of an array, a set or a push; of a map its keys and values in turn, as RESP2 sends it.
  public var elements: [RESPValue]? {
    switch self {
    case .array(let values), .set(let values), .push(let values): values
    case .map(let pairs): pairs.flatMap { [$0.key, $0.value] }
    case .simpleString, .error, .integer, .bulkString, .null, .double, .boolean, .bigNumber, .verbatim: nil
    }
  }

  /// What comes two by two: a map, a list of pairs (`WITHSCORES` in RESP3), or one list in which they follow each other
  /// (RESP2, scripts).
  public var pairs: [Pair] {
    if case .map(let pairs) = self { return pairs }
    let flat = (elements ?? []).flatMap { $0.elements ?? [$0] }
    return stride(from: 0, to: flat.count - flat.count % 2, by: 2).map { Pair(flat[$0], flat[$0 + 1]) }
  }

  /// Whether nothing was there.
  public var isNull: Bool { self == .null }
}
