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
  func write(_ answer: RouteResponse, to exchange: Exchange, on channel: any Channel) -> ServedAnswer {
    let (body, contentType, written, streamed) = Self.body(answer.body, channel)
    var fields = HTTPFields()
    if let contentType { fields[.contentType] = contentType }
    fields[.cacheControl] = "no-store"
    for (name, value) in answer.headers + common(exchange, closes: exchange.closesConnection || streamed != nil) {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    // 204 and 304 have no length (RFC 9110, 8.6); HEAD is told the length of what GET would get.
    if let length = body.contentLength, answer.status >= 200, answer.status != 204, answer.status != 304 {
      fields[.contentLength] = String(length)
    }
    let hasBody = exchange.head.method != .head && answer.status != 204 && answer.status != 304
    let response = Response(
      status: HTTPResponse.Status(code: answer.status), headers: fields, body: hasBody ? body : ResponseBody())
    return ServedAnswer(
      response: response, request: exchange.request, route: exchange.route, arrived: exchange.arrived,
      length: hasBody ? body.contentLength ?? 0 : 0, streamed: hasBody ? streamed : nil,
      written: hasBody ? written : nil, bufferedBytes: exchange.bufferedBytes)
  }

  /// The fields of every answer.
  private func common(_ exchange: Exchange, closes: Bool) -> [(name: String, value: String)] {
    let always = [
      ("X-Content-Type-Options", "nosniff"), ("X-Request-ID", exchange.request.requestID),
      ("X-Response-Time", milliseconds(since: exchange.arrived)),
    ]
    return closes ? always + [("Connection", "close")] : always
  }

  private static func body(
    _ body: RouteResponse.Body, _ channel: any Channel
  ) -> (ResponseBody, contentType: String?, written: ByteCount?, streamed: StreamedBody?) {
    switch body {
    case .none: return (ResponseBody(), nil, nil, nil)
    case .json(let value): return Self.body(value.line, "application/json")
    case .bytes(let bytes, let contentType): return Self.body(bytes, contentType)
    case .stream(let pieces, let contentType, let farewell):
      let streamed = StreamedBody(pieces: pieces, farewell: farewell, channel: channel)
      return (ResponseBody { try await streamed.write(to: &$0) }, contentType, streamed.written, streamed)
    }
  }

  private static func body(
    _ bytes: [UInt8], _ contentType: String
  ) -> (ResponseBody, contentType: String?, written: ByteCount?, streamed: StreamedBody?) {
    guard PiecedBody.isLong(bytes.count) else {
      return (ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)), contentType, nil, nil)
    }
    let pieced = PiecedBody(bytes: bytes)
    let body = ResponseBody(contentLength: bytes.count) { try await pieced.write(to: &$0) }
    return (body, contentType, pieced.written, nil)
  }

  /// `1.234ms`, the form other servers' middleware made customary for this field.
  private func milliseconds(since start: Duration) -> String {
    let micro = max(0, (environment.time.uptime - start).microseconds)
    let fraction = String(micro % 1000)
    return "\(micro / 1000).\(String(repeating: "0", count: 3 - fraction.utf8.count))\(fraction)ms"
  }
}

extension RouteResponse.Body {
  /// How long it is; `nil` when that is not known before.
  var length: Int? {
    switch self {
    case .none: 0
    case .json(let value): value.bytes.count + 1
    case .bytes(let bytes, _): bytes.count
    case .stream: nil
    }
  }
}
