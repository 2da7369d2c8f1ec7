import CelerityCore
import CelerityJSON
import CelerityRoutes
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Guards one connection: deadlines for heads and bodies, problem answers to what the parser refuses, an orderly end
/// after an answer that closes. The library has none of these: it answers parser errors with an empty 400, and its
/// idle timer covers neither a slow body nor what is left of a refused one. Clients that read slowly are the part of
/// `Delivery`.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let limits: GatewayLimits
  private let ids: any IDSource
  private let connections: ConnectionCount
  private let observer: RequestObserver
  private let delivery: Delivery
  private var state = ConnectionState()
  private var timer: Scheduled<Void>?
  private var completedPart = false
  /// When the head that is arriving began to.
  private var arrived: NIODeadline?
  /// What the client of each request without an answer wants of the connection, the oldest first.
  private var persistence: [Persistence] = []
  private var nextPersistence = Persistence.customary
  private var hasPeerFinished = false
  /// Who wants to know that the client says nothing more; requests are answered one after another, so it is one.
  private var tellDeparture: (@Sendable () -> Void)?

  init(limits: GatewayLimits, ids: any IDSource, connections: ConnectionCount, observer: RequestObserver) {
    self.limits = limits
    self.ids = ids
    self.connections = connections
    self.observer = observer
    delivery = Delivery(patience: limits.deliveryDeadline)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    connections.change(by: 1)
    let pipeline = context.pipeline.syncOperations
    // Only before the decoder is to be seen that a head has begun to arrive, and only behind it a request's version.
    let bytes = ArrivalProbe { [self] in
      perform(state.on(.bytesRead(completedPart: completedPart)), context)
      completedPart = false
    }
    let heads = PersistenceProbe { [self] in nextPersistence = $0 }
    do {
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      try pipeline.addHandler(bytes, position: .first)
      try pipeline.addHandler(delivery, position: .first)
      try pipeline.addHandler(heads, position: .after(decoder))
    } catch {
      context.close(promise: nil)  // unguarded connections are not served
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    connections.change(by: -1)
    timer?.cancel()
    peerIsGone()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    peerIsGone()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard state.isOpen else { return }
    completedPart = true
    switch unwrapInboundIn(data) {
    case .head(let head):
      persistence.append(nextPersistence)
      perform(state.on(.headRead(isLast: nextPersistence == .last)), context)
      if expectsContinue(head) { write(.head(HTTPResponse(status: .continue)), context, flushing: true) }
    case .body: break
    case .end: perform(state.on(.requestEnded), context)
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    // Nobody inside asks for more once the connection ends, but what is on its way has to be taken in.
    if !state.isOpen { context.read() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case let error as HTTPParserError: perform(state.on(.failed(ConnectionFault(error))), context)
    case is ByteToMessageDecoderError where !state.isOpen: break  // bytes behind those that were refused
    default: context.fireErrorCaught(error)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed:
      peerIsGone()
      perform(state.on(.peerFinished), context)
    case is ChannelShouldQuiesceEvent: perform(state.on(.quiesced), context)
    default: break
    }
    context.fireUserInboundEventTriggered(event)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head):
      if head.status.kind != .informational {
        let wish = persistence.isEmpty ? .customary : persistence.removeFirst()
        if state.isNextAnswerLast { head.headerFields[.connection] = "close" }
        let closes = head.headerFields[.connection] == "close"
        if !closes, wish == .kept { head.headerFields[.connection] = "keep-alive" }
        let isStream = head.headerFields[.contentLength] == nil && head.status.code != 204 && head.status.code != 304
        perform(state.on(.responseStarted(closes: closes, isStream: isStream)), context)
      }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      context.write(data, promise: promise)
      perform(state.on(.responseEnded), context)
    }
  }
}

extension ConnectionGuard {
  /// Returns when the client of a connection has closed its side of it, or the surrounding task is cancelled. Who only
  /// says nothing more and still reads can't be told from who has gone before something is written.
  static func untilPeerIsGone(_ channel: any Channel) async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    channel.eventLoop.execute {
      // Without a guard the connection is closed already.
      guard let connection = try? channel.pipeline.syncOperations.handler(type: ConnectionGuard.self),
        !connection.hasPeerFinished
      else { return continuation.finish() }
      connection.tellDeparture = { continuation.finish() }
    }
    for await _ in stream {}
  }

  private func peerIsGone() {
    hasPeerFinished = true
    tellDeparture?()
    tellDeparture = nil
  }

  private func perform(_ effects: [ConnectionState.Effect], _ context: ChannelHandlerContext) {
    for effect in effects {
      switch effect {
      case .startHeadDeadline:
        arrived = context.eventLoop.now
        schedule(limits.headDeadline, context) { $0.deadlinePassed($1) }
      case .startBodyDeadline: schedule(limits.bodyDeadline, context) { $0.deadlinePassed($1) }
      case .shortenBodyDeadline:
        schedule(min(limits.bodyDeadline, limits.linger), context) { $0.deadlinePassed($1) }
      case .cancelDeadline: timer?.cancel()
      case .startStreamDeadline: schedule(limits.linger * 5, context) { $0.cutOff($1) }
      case .failBody(let fault): context.fireErrorCaught(fault)
      case .answer(let fault): answer(fault, context)
      case .linger: linger(context)
      case .close: context.close(promise: nil)
      case .cutOff: cutOff(context)
      }
    }
  }

  private func cutOff(_ context: ChannelHandlerContext) {
    delivery.cutOff()
    context.close(promise: nil)
  }

  private func deadlinePassed(_ context: ChannelHandlerContext) {
    perform(state.on(.deadlinePassed), context)
  }

  private func schedule(
    _ delay: Duration, _ context: ChannelHandlerContext,
    _ action: @escaping (ConnectionGuard, ChannelHandlerContext) -> Void
  ) {
    timer?.cancel()
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { action(self, context) }
  }

  /// Closing at once would reset the connection while the client still sends, and the answer would be lost (RFC 9112,
  /// 9.6): the own side is closed, and the rest taken in for a while.
  private func linger(_ context: ChannelHandlerContext) {
    context.flush()
    guard !hasPeerFinished else { return context.close(promise: nil) }
    context.close(mode: .output, promise: nil)
    schedule(limits.linger, context) { $1.close(promise: nil) }
    context.read()
  }

  private func answer(_ fault: ConnectionFault, _ context: ChannelHandlerContext) {
    let id = ids.next()
    var request = RouteRequest(method: "", path: "", requestID: id, traceparent: TraceParent.random().text)
    request.peer = context.channel.remoteAddress?.ipAddress
    let problem = Problem(fault.error, request: request)
    var fields: HTTPFields = [
      .cacheControl: "no-store", .connection: "close", .contentType: Problem.contentType,
      .contentLength: String(problem.json.line.count), .xContentTypeOptions: "nosniff",
    ]
    for (name, value) in fault.error.headers + [("X-Request-ID", id)] {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    let status = HTTPResponse.Status(code: fault.error.status)
    write(.head(HTTPResponse(status: status, headerFields: fields)), context)
    write(.body(ByteBuffer(bytes: problem.json.line)), context)
    write(.end(nil), context, flushing: true)
    observer.refused(
      request, status: fault.error.status, after: arrived.map { Duration(context.eventLoop.now - $0) } ?? .zero,
      bytes: problem.json.line.count)
  }

  private func write(_ part: HTTPResponsePart, _ context: ChannelHandlerContext, flushing: Bool = false) {
    context.write(wrapOutboundOut(part), promise: nil)
    if flushing { context.flush() }
  }

  /// Whether the client waits for a word before it sends its body (RFC 9110, 10.1.1) and may have it: nothing is being
  /// answered before, and the declared length is bearable.
  private func expectsContinue(_ head: HTTPRequest) -> Bool {
    guard state.unanswered == 1, head.headerFields[.expect]?.lowercased() == "100-continue" else { return false }
    return head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
      <= max(limits.maximumBodyBytes, limits.maximumBulkBodyBytes)
  }
}
