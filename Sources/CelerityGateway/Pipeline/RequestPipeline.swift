import CelerityCore
import CelerityRoutes
import CelerityTasks
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore

/// The way of a request: identified → admitted → matched → checked → read → handled → written. An error of any step is
/// mapped to an answer in the form of the matched route.
struct RequestPipeline: Sendable {
  let settings: GatewaySettings
  let catalog: RouteCatalog
  let environment: ServiceEnvironment
  let logger: Logger
  let room: BufferRoom
  let observer: RequestObserver

  /// Answers a request; never throws, because whatever happens is an answer.
  func respond(to request: Request, on channel: any Channel) async -> ServedAnswer {
    var exchange = Exchange(request, tenant: settings.tenant, arrived: environment.time.uptime)
    // Once the connection is closed nobody knows.
    exchange.request.peer = channel.remoteAddress?.ipAddress
    exchange.request.client = ClientPresence { await ConnectionGuard.untilPeerIsGone(channel) }
    var answer: RouteResponse
    do {
      identify(&exchange)
      try admit(exchange)
      if let early = try match(&exchange) {
        answer = early
      } else {
        try checkMediaType(exchange)
        try await readBody(&exchange)
        answer = try await handle(exchange)
      }
    } catch {
      answer = self.answer(to: error, of: &exchange)
    }
    room.giveBack(exchange.bufferedBytes)
    exchange.bufferedBytes = 0
    // Nobody reads it any more, and a slow reader of the answer would keep it for long.
    exchange.request.body = []
    do {
      exchange.bufferedBytes = try takeRoom(for: answer, to: exchange)
    } catch {
      answer = self.answer(to: error, of: &exchange)
    }
    return write(answer, to: exchange, on: channel)
  }

  /// Makes room for a long answer until it is written. Work that is done can't be refused any more, only a look at it.
  private func takeRoom(for answer: RouteResponse, to exchange: Exchange) throws(RouteError) -> Int {
    guard exchange.head.method != .head, let length = answer.body.length, PiecedBody.isLong(length) else { return 0 }
    if exchange.head.method != .get {
      room.takeAnyway(length)
    } else if !room.take(length) {
      throw .tooBusy("too many long answers are on their way")
    }
    return length
  }

  /// Gives the request its ids.
  private func identify(_ exchange: inout Exchange) {
    let headers = exchange.request.headers
    exchange.request.requestID = headers["x-request-id"].flatMap(RequestID.accepted) ?? environment.tasks.ids.next()
    exchange.request.traceparent =
      headers["traceparent"].flatMap(TraceParent.init(_:))?.text ?? TraceParent.random().text
  }

  /// Calls the route.
  private func handle(_ exchange: Exchange) async throws -> RouteResponse {
    guard let route = exchange.route else { throw RouteError.notFound(exchange.request.path) }
    return try await route.handler(exchange.request, environment)
  }
}
