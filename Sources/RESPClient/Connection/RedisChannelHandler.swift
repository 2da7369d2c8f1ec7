import NIOCore

/// The end of a connection's channel: encodes pipelines, decodes replies, and gives each to who waits for it. Lives on the
/// event loop alone.
final class RedisChannelHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = [Pipeline]
  typealias OutboundOut = ByteBuffer

  private var parser: RESPParser
  private var unread: ByteBuffer?
  private var replies = ReplyQueue<Pipeline>()
  private var failure: (any Error)?
  private let replyTimeout: TimeAmount
  private let onPush: @Sendable ([RESPValue]) -> Void
  /// When the server was last known to answer: something arrived, or nothing was owed.
  private var lastSign = NIODeadline.now()
  private var isWatched = false

  init(limits: RESPLimits, replyTimeout: Duration, onPush: @escaping @Sendable ([RESPValue]) -> Void) {
    parser = RESPParser(limits: limits)
    self.replyTimeout = .nanoseconds(replyTimeout.nanoseconds)
    self.onPush = onPush
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let pipelines = unwrapOutboundIn(data)
    if let failure {
      // It has ended, if its closing is not known yet: these commands were not sent, unlike those it failed with.
      let unsent = RedisError(.unreachable, "the connection has ended")
      for pipeline in pipelines { pipeline.end(.failure(unsent)) }
      promise?.fail(failure)
      return
    }
    if replies.count == 0 { lastSign = .now() }
    var buffer = context.channel.allocator.buffer(capacity: 256 * pipelines.count)
    for pipeline in pipelines where !pipeline.hasEnded {
      for command in pipeline.commands {
        command.write(to: &buffer)
        if pipeline.expectsReplies { replies.add(pipeline) }
      }
    }
    watch(context)
    context.write(wrapOutboundOut(buffer), promise: promise)
  }

  /// Looks again later whether what is owed has come: the other end may be gone without a word. One timer for all that is
  /// owed, and none while nothing is.
  private func watch(_ context: ChannelHandlerContext) {
    guard !isWatched, replies.count > 0 else { return }
    isWatched = true
    schedule(context, at: lastSign + replyTimeout)
  }

  private func schedule(_ context: ChannelHandlerContext, at deadline: NIODeadline) {
    context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
      guard self.replies.count > 0, self.failure == nil else {
        self.isWatched = false
        return
      }
      let silence = self.lastSign + self.replyTimeout
      guard silence <= .now() else { return self.schedule(context, at: silence) }
      self.end(context, RedisError(.timedOut, "the server did not answer in time"))
      context.close(promise: nil)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    lastSign = .now()
    if unread == nil { unread = bytes } else { unread?.writeBuffer(&bytes) }
    do {
      while let value = try nextReply() {
        switch replies.take(value) {
        case .reply(let pipeline, let reply): pipeline.receive(reply)
        case .push(let values): onPush(values)
        case .unexpected: throw RESPProtocolError("the server answered what nobody asked")
        }
      }
    } catch {
      end(context, RedisError(.connectionLost, "the server does not speak Redis' protocol: \(error)"))
      context.close(promise: nil)
    }
    if unread?.readableBytes == 0 { unread = nil }
  }

  private func nextReply() throws(RESPProtocolError) -> RESPValue? {
    guard var buffer = unread else { return nil }
    // Moved out and back, so that the buffer is not copied because two names hold it.
    unread = nil
    defer { unread = buffer }
    return try parser.next(&buffer)
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(context, RedisError(.connectionLost, "the connection to the server was lost"))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(context, RedisError(.connectionLost, "the connection to the server failed: \(error)"))
    context.close(promise: nil)
  }

  private func end(_ context: ChannelHandlerContext, _ error: RedisError) {
    guard failure == nil else { return }
    failure = error
    for pipeline in replies.drain() { pipeline.end(.failure(error)) }
  }
}
