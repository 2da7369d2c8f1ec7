import NIOCore
import NIOPosix

/// A client that takes no more than a test reads: its system holds little, and nothing is read ahead.
struct SlowReader {
  private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private(set) var bytes: [UInt8] = []

  /// Opens a connection around a piece of a test.
  static func open<Result: Sendable>(
    to port: Int, _ body: @escaping @Sendable (inout SlowReader) async throws -> Result
  ) async throws -> Result {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.socketOption(.so_rcvbuf), value: 32 << 10)
      .channelOption(.maxMessagesPerRead, value: 1)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 32 << 10))
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
            wrappingChannelSynchronously: channel,
            configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 1)))
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      var reader = SlowReader(inbound: inbound.makeAsyncIterator(), outbound: outbound)
      return try await body(&reader)
    }
  }

  /// Asks for a path.
  func ask(_ path: String, method: String = "GET", fields: String = "") async throws {
    let head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
    try await outbound.write(ByteBuffer(string: head))
  }

  /// Reads once; says whether there was something. A connection that is reset counts as ended.
  mutating func read() async -> Bool {
    guard let part = try? await inbound.next(isolation: #isolation) else { return false }
    bytes += part.readableBytesView
    return true
  }

  /// The answer's body as far as it has been read; `nil` before its head is complete.
  var body: ArraySlice<UInt8>? {
    let blank = Array("\r\n\r\n".utf8)
    guard let end = bytes.indices.prefix(4096).first(where: { bytes[$0...].starts(with: blank) }) else { return nil }
    return bytes[(end + 4)...]
  }

  /// The status of the answer.
  var status: Int? { Int(String(decoding: bytes.prefix(12).suffix(3), as: UTF8.self)) }
}
