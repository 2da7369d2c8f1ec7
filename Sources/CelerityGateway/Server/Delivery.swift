import NIOCore

/// Sees to it that what was written arrives, at the end of a connection next to the system: a connection is closed only
/// when the system has taken all that was written, and is cut off when its client takes nothing for too long.
///
/// The library holds an answer for done once it is written. When the connection is idle then, or the server stops, it
/// closes over the rest of an answer that its client reads slowly.
final class Delivery: ChannelOutboundHandler, RemovableChannelHandler {
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  /// How much of an answer the system holds for a client. It takes more only when a good part of that has been read: a
  /// large buffer would make a slow reader look like one that does not read.
  private static let systemBuffer: SocketOptionValue = 256 << 10

  private let patience: TimeAmount
  /// Bytes that were written, whether the system has taken them or not.
  private var written = 0
  /// Bytes that the system had taken when it was last looked at.
  private var taken = 0
  private var timer: Scheduled<Void>?
  private var isClosing = false
  private var isCutOff = false

  /// A client may take nothing for so long, and at most for twice as long.
  init(patience: Duration) {
    self.patience = TimeAmount(patience)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    try? context.channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: Self.systemBuffer)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isClosing else {
      promise?.fail(ChannelError.outputClosed)
      return
    }
    written += unwrapOutboundIn(data).readableBytes
    context.write(data, promise: promise)
  }

  func flush(context: ChannelHandlerContext) {
    context.flush()
    guard timer == nil else { return }
    let waiting = waiting(context)
    if waiting > 0 { watch(from: written - waiting, context) }
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    // Only the end of the library's task closes the reading side: there is no time left.
    if mode == .input { isCutOff = true }
    guard mode != .input, !isCutOff, waiting(context) > 0 else {
      if mode == .input, isClosing { context.close(promise: nil) }
      return context.close(mode: mode, promise: promise)
    }
    isClosing = true
    let end = context.eventLoop.makePromise(of: Void.self)
    end.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: mode, promise: promise) }
    context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: end)
  }

  /// From now on a connection is closed whatever has not been taken.
  func cutOff() {
    isCutOff = true
  }

  private func watch(from taken: Int, _ context: ChannelHandlerContext) {
    self.taken = taken
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { [self] in
      timer = nil
      let waiting = waiting(context)
      guard waiting > 0 else { return }
      if written - waiting > self.taken { return watch(from: written - waiting, context) }
      isCutOff = true
      context.close(promise: nil)
    }
  }

  private func waiting(_ context: ChannelHandlerContext) -> Int {
    guard context.channel.isActive else { return 0 }
    return (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }
}
