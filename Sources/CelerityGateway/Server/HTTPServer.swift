import CelerityCore
import CelerityRoutes
import CelerityTasks
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// The HTTP library, used as a plain server of HTTP/1.1: parsing, connections and writing are its part, everything that
/// has to do with routes is ours.
struct HTTPServer: Sendable {
  let address: LoopbackAddress
  let port: Int
  let limits: GatewayLimits
  let logger: Logger

  /// Serves until the surrounding group shuts down; tells the port once it is bound.
  func run(_ pipeline: RequestPipeline, onListening: @escaping @Sendable (Int) -> Void) async throws {
    let application = Application(
      responder: PipelineResponder(pipeline: pipeline),
      server: .http1(configuration: channel(ids: pipeline.environment.tasks.ids)),
      configuration: ApplicationConfiguration(
        address: .hostname(address.text, port: port), serverName: "celerity", backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(limits.maximumConnections, logger: logger)),
      onServerRunning: { onListening($0.localAddress?.port ?? 0) },
      logger: logger)
    try await application.run()
  }

  private func channel(ids: any IDSource) -> HTTP1Channel.Configuration {
    HTTP1Channel.Configuration(
      additionalChannelHandlers: [ConnectionGuard(limits: limits, ids: ids)],
      idleTimeout: TimeAmount(limits.idleTimeout),
      httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: limits.maximumHeaderBytes, maxHeaderListSize: limits.maximumHeaderBytes,
        maxHeaderFieldCount: limits.maximumHeaderFields))
  }

  /// What the system said when the address could not be bound; `nil` for other errors.
  static func bindFailure(_ error: any Error) -> String? {
    (error as? IOError)?.description
  }
}

/// Hands every request to the pipeline.
private struct PipelineResponder: HTTPResponder {
  let pipeline: RequestPipeline

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    await pipeline.respond(to: request)
  }
}
