import HummingbirdCore
import NIOCore

/// A long body, written at the pace at which the client takes it: its end is written when the client has taken all but
/// the last pieces, so that the connection counts as busy until then, and no second copy of it waits to be sent.
struct PiecedBody: Sendable {
  /// How much is written at once. What is not longer is written as a whole.
  private static let piece = 64 << 10

  let bytes: [UInt8]
  let written = ByteCount()

  /// Whether a body of this length is written in pieces.
  static func isLong(_ length: Int) -> Bool { length > piece }

  /// Writes all of it; waits before each piece until the connection takes more.
  @concurrent func write(to writer: inout any ResponseBodyWriter) async throws {
    for start in stride(from: 0, to: bytes.count, by: Self.piece) {
      let piece = bytes[start..<min(bytes.count, start + Self.piece)]
      try await writer.write(ByteBuffer(bytes: piece))
      written.add(piece.count)
    }
    try await writer.finish(nil)
  }
}
