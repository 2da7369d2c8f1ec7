import NIOCore
import NIOPosix
import Testing

/// A connection on which a test writes whatever bytes it likes.
final class RawConnection {
  private var inbound: AsyncStream<[UInt8]>.Iterator
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var reader = ReplyReader()

  private init(_ inbound: AsyncStream<[UInt8]>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
    self.inbound = inbound.makeAsyncIterator()
    self.outbound = outbound
  }

  /// Opens a connection around a piece of a test, which must end within ten seconds.
  static func open<Result: Sendable>(
    to port: Int, _ body: @escaping @Sendable (RawConnection) async throws -> Result
  ) async throws -> Result {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
      }
    return try await withThrowingTaskGroup(of: Result.self) { group in
      group.addTask {
        try await channel.executeThenClose { inbound, outbound in
          let (stream, bytes) = AsyncStream.makeStream(of: [UInt8].self)
          return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
              defer { bytes.finish() }
              for try await part in inbound { bytes.yield(Array(part.readableBytesView)) }
            }
            defer { group.cancelAll() }
            return try await body(RawConnection(stream, outbound))
          }
        }
      }
      group.addTask {
        // lint:allow a connection that hangs must fail its test instead of stalling it
        try await Task.sleep(for: .seconds(30))
        throw TimedOut()
      }
      defer { group.cancelAll() }
      return try #require(try await group.next())
    }
  }

  struct TimedOut: Error {}

  /// Sends bytes.
  func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

  /// Sends text.
  func send(_ text: String) async throws { try await send(Array(text.utf8)) }

  /// Says that nothing more will be sent.
  func finish() { outbound.finish() }

  /// The answers that came since the last call, until the other side has closed or so many are there. A connection that
  /// is reset counts as closed.
  func replies(atMost limit: Int = .max, toHead: Bool = false) async -> [Reply] {
    reader.isAnswerToHead = toHead
    while reader.replies.count < limit, let bytes = await inbound.next(isolation: #isolation) {
      reader.append(bytes)
    }
    return reader.take(limit)
  }
}

/// Reads answers with a declared length (RFC 9112, 6.3), which are all that the gateway gives.
struct ReplyReader {
  var isAnswerToHead = false
  private(set) var replies: [Reply] = []
  private var rest: [UInt8] = []

  mutating func take(_ limit: Int) -> [Reply] {
    let taken = replies.prefix(limit)
    replies.removeFirst(taken.count)
    return Array(taken)
  }

  mutating func append(_ bytes: [UInt8]) {
    rest += bytes
    while let reply = next() { replies.append(reply) }
  }

  private mutating func next() -> Reply? {
    guard let end = rest.indices.dropLast(3).first(where: { Array(rest[$0..<$0 + 4]) == Array("\r\n\r\n".utf8) }) else {
      return nil
    }
    let lines = String(decoding: rest[..<end], as: UTF8.self).split(separator: "\r\n")
    let headers = lines.dropFirst().map { line in
      let sides = line.split(separator: ":", maxSplits: 1)
      return (name: sides[0].lowercased(), value: String(sides[1].drop { $0 == " " }))
    }
    let declared = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
    let length = isAnswerToHead ? 0 : declared
    guard rest.count >= end + 4 + length else { return nil }
    let body = Array(rest[(end + 4)..<(end + 4 + length)])
    rest.removeFirst(end + 4 + length)
    return Reply(status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: headers, body: body)
  }
}
