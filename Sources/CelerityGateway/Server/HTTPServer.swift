import CelerityCore
import CelerityRoutes
import CelerityTasks
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The HTTP library, used as a plain server of HTTP/1.1: parsing, connections and writing are its part, everything that
/// has to do with routes is ours.
struct HTTPServer: Sendable {
  let address: LoopbackAddress
  let port: Int
  let limits: GatewayLimits
  let connections: ConnectionCount
  let logger: Logger

  /// Serves until the surrounding group shuts down; tells the port once it is bound.
  func run(_ pipeline: RequestPipeline, onListening: @escaping @Sendable (Int) -> Void) async throws {
    // The library's server without its application: that one wakes up every second for the `Date` field, also when idle.
    let dates = DateField(time: pipeline.environment.time)
    let server = try HTTPServerBuilder.http1(configuration: channel(pipeline)).buildServer(
      configuration: ServerConfiguration(
        address: .hostname(address.text, port: port), serverName: "celerity", backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(limits.maximumConnections, logger: logger)),
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
      logger: libraryLogger,
      responder: { request, writer, channel in
        var answer = await pipeline.respond(to: request, on: channel)
        defer { pipeline.room.giveBack(answer.bufferedBytes) }
        answer.response.headers[.date] = dates.value
        answer.response.headers[.server] = "celerity"
        do {
          try await writer.write(response: answer.response.head, body: answer.response.body)
        } catch {
          pipeline.observer.ended(answer, isWhole: false)
          throw error
        }
        pipeline.observer.ended(answer, isWhole: true)
      },
      onServerRunning: { onListening($0.localAddress?.port ?? 0) })
    try await server.run()
  }

  /// What the library tells of its own life is for those who look for a fault.
  private var libraryLogger: Logger {
    var logger = logger
    if logger.logLevel == .info { logger.logLevel = .notice }
    return logger
  }

  private func channel(_ pipeline: RequestPipeline) -> HTTP1Channel.Configuration {
    HTTP1Channel.Configuration(
      additionalChannelHandlers: [
        ConnectionGuard(
          limits: limits, ids: pipeline.environment.tasks.ids, connections: connections, observer: pipeline.observer)
      ],
      idleTimeout: TimeAmount(limits.idleTimeout),
      httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: limits.maximumHeaderBytes, maxHeaderListSize: limits.maximumHeaderBytes,
        maxHeaderFieldCount: limits.maximumHeaderFields))
  }

  /// What the system said when the address could not be bound; `nil` for other errors.
  static func bindFailure(_ error: any Error) -> String? {
    (error as? IOError).map { String(cString: strerror($0.errnoCode)).lowercased() }
  }
}
