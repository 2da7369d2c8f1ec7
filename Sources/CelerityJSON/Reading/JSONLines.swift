/// A line of a text that holds one JSON value per line.
public struct JSONLine: Sendable, Hashable {
  /// Its number, counted from 1 with the empty ones.
  public let number: Int
  /// Where it stands in the text, without its end.
  public let place: Range<Int>

  /// The lines that are not empty of a text in the form of JSON Lines (jsonlines.org) or NDJSON: ended by a line feed,
  /// also after a carriage return, the last one with or without it. What a line holds is not looked at.
  ///
  /// Throws `too-many-elements` at the first one beyond `maximumCount`.
  public static func lines(of text: [UInt8], maximumCount: Int) throws(JSONError) -> [JSONLine] {
    try text.withUnsafeBufferPointer { (bytes) throws(JSONError) -> [JSONLine] in
      var lines: [JSONLine] = []
      var (number, start) = (0, 0)
      while start < bytes.count {
        number += 1
        var end = start
        var isEmpty = true
        while end < bytes.count, bytes[end] != 0x0A {
          isEmpty = isEmpty && bytes[end].isJSONWhitespace
          end &+= 1
        }
        if !isEmpty {
          guard lines.count < maximumCount else {
            throw JSONError(code: .tooManyElements, offset: start, message: "more than \(maximumCount) lines")
          }
          lines.append(JSONLine(number: number, place: start..<end))
        }
        start = end &+ 1
      }
      return lines
    }
  }
}
