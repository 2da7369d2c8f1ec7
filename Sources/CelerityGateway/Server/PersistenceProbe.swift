import NIOCore
import NIOHTTP1

/// What a client wants to become of the connection after a request (RFC 9112, 9.3).
enum Persistence: Sendable, Hashable {
  /// Nothing is said, and HTTP/1.1 keeps connections.
  case customary
  /// A client of HTTP/1.0 asks to keep it, and has to be told that it is kept.
  case kept
  /// It is to end: HTTP/1.0 without a word, or HTTP/1.1 with `Connection: close`.
  case last
}

/// Reports what each head says about the connection; behind the decoder's own types the version is lost.
final class PersistenceProbe: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  private let report: (Persistence) -> Void

  init(_ report: @escaping (Persistence) -> Void) {
    self.report = report
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data) {
      report(head.isKeepAlive ? (head.version == .http1_1 ? .customary : .kept) : .last)
    }
    context.fireChannelRead(data)
  }
}
