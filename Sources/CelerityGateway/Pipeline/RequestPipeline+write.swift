import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import HTTPTypes
import HummingbirdCore
import NIOCore
import ServiceLifecycle

extension RequestPipeline {
  /// Turns a route's answer into HTTP.
  func write(_ answer: RouteResponse, to exchange: Exchange) -> Response {
    let (body, contentType) = Self.body(answer.body)
    var fields = HTTPFields()
    if let contentType { fields[.contentType] = contentType }
    fields[.cacheControl] = "no-store"
    for (name, value) in answer.headers + common(exchange) {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    // 204 and 304 have no length (RFC 9110, 8.6); HEAD is told the length of what GET would get.
    if let length = body.contentLength, answer.status >= 200, answer.status != 204, answer.status != 304 {
      fields[.contentLength] = String(length)
    }
    let hasBody = exchange.head.method != .head && answer.status != 204 && answer.status != 304
    return Response(
      status: HTTPResponse.Status(code: answer.status), headers: fields, body: hasBody ? body : ResponseBody())
  }

  /// The fields of every answer.
  private func common(_ exchange: Exchange) -> [(name: String, value: String)] {
    let always = [
      ("X-Content-Type-Options", "nosniff"), ("X-Request-ID", exchange.request.requestID),
      ("X-Response-Time", milliseconds(since: exchange.arrived)),
    ]
    return exchange.closesConnection ? always + [("Connection", "close")] : always
  }

  private static func body(_ body: RouteResponse.Body) -> (ResponseBody, contentType: String?) {
    switch body {
    case .none: return (ResponseBody(), nil)
    case .json(let value): return (ResponseBody(byteBuffer: ByteBuffer(bytes: value.bytes)), "application/json")
    case .bytes(let bytes, let contentType): return (ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)), contentType)
    case .stream(let pieces, let contentType):
      let body = ResponseBody { writer in
        // An open stream would hold a graceful shutdown for ever.
        for await piece in pieces.cancelOnGracefulShutdown() { try await writer.write(ByteBuffer(bytes: piece)) }
        try await writer.finish(nil)
      }
      return (body, contentType)
    }
  }

  /// `1.234ms`, the form other servers' middleware made customary for this field.
  private func milliseconds(since start: Duration) -> String {
    let micro = max(0, (environment.time.uptime - start).microseconds)
    let fraction = String(micro % 1000)
    return "\(micro / 1000).\(String(repeating: "0", count: 3 - fraction.utf8.count))\(fraction)ms"
  }
}
