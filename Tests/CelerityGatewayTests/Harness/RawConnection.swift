import NIOCore
import NIOPosix
import Testing

/// A connection on which a test writes whatever bytes it likes.
struct RawConnection {
  private let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

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
          try await body(RawConnection(inbound: inbound, outbound: outbound))
        }
      }
      group.addTask {
        try await Task.sleep(for: .seconds(10))
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

  /// All answers until the other side has closed or so many are there. Errors of a reset connection count as closed.
  func replies(atMost limit: Int = .max, toHead: Bool = false) async -> [Reply] {
    var reader = ReplyReader(isAnswerToHead: toHead)
    do {
      for try await part in inbound {
        reader.append(Array(part.readableBytesView))
        if reader.replies.count >= limit { break }
      }
    } catch {
      return reader.replies
    }
    return reader.replies
  }
}

/// Reads answers with a declared length (RFC 9112, 6.3), which are all that the gateway gives.
struct ReplyReader {
  let isAnswerToHead: Bool
  private(set) var replies: [Reply] = []
  private var rest: [UInt8] = []

  init(isAnswerToHead: Bool) { self.isAnswerToHead = isAnswerToHead }

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
