import NIOCore

/// Reports that bytes arrived, after whatever they completed has gone through the decoder.
final class ArrivalProbe: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let report: () -> Void

  init(_ report: @escaping () -> Void) {
    self.report = report
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.fireChannelRead(data)
    report()
  }
}
