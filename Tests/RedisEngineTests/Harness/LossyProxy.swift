import CelerityTesting
import NIOCore
import NIOPosix
import RESPClient
import Synchronization
import Testing

/// Stands between a store and the server, and can lose an answer: the server has carried the command out, and who sent it
/// hears that the connection was lost.
final class LossyProxy: Sendable {
  private let channel: any Channel
  private let loses: Losses

  /// Listens in front of a suite's server.
  static func start() async throws -> LossyProxy {
    let server = try RedisEndpoint(url: try #require(SharedRedis.server).url)
    guard case .host(let host, let port) = server.place else { throw RedisError(.invalidURL, "the server has no port") }
    let loses = Losses()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { inbound in
        ClientBootstrap(group: inbound.eventLoop).channelOption(.autoRead, value: false).connect(host: host, port: port)
          .flatMapThrowing { outbound in
            let isLost = LostFlag()
            try inbound.pipeline.syncOperations.addHandler(
              Passage(to: outbound) { if loses.isNext.exchange(false, ordering: .relaxed) { isLost.value = true } })
            try outbound.pipeline.syncOperations.addHandler(
              Passage(to: inbound) { if isLost.value { throw RedisError(.connectionLost, "on purpose") } })
            for channel in [inbound, outbound] { _ = channel.setOption(.autoRead, value: true) }
          }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return LossyProxy(channel, loses)
  }

  private init(_ channel: any Channel, _ loses: Losses) {
    self.channel = channel
    self.loses = loses
  }

  /// Where a store reaches the server through it.
  func endpoint() throws -> RedisEndpoint {
    RedisEndpoint(.host("127.0.0.1", port: try #require(channel.localAddress?.port)))
  }

  /// Loses the answer to the next request of anybody.
  func loseNextAnswer() { loses.isNext.store(true, ordering: .relaxed) }

  func close() async { try? await channel.close() }
}

private final class Losses: Sendable {
  let isNext = Atomic(false)
}

/// Belongs to one event loop.
private final class LostFlag {
  var value = false
}

/// Passes bytes on; ends both sides when one ends, or when it must not pass.
private final class Passage: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let other: any Channel
  private let check: () throws -> Void

  init(to other: any Channel, _ check: @escaping () throws -> Void) {
    self.other = other
    self.check = check
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    do {
      try check()
      other.writeAndFlush(unwrapInboundIn(data), promise: nil)
    } catch {
      other.close(promise: nil)
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    other.close(promise: nil)
    context.fireChannelInactive()
  }
}
