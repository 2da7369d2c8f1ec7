import CelerityRoutes
import HummingbirdCore
import NIOCore

extension RequestPipeline {
  /// Reads the whole body: refused by its declared length before a byte is read, and by counting when none is declared.
  func readBody(_ exchange: inout Exchange) async throws(RouteError) {
    let limit = exchange.route?.maximumBodyBytes ?? 0
    let declared = exchange.declaredLength
    if let declared, declared > limit { throw .bodyTooLarge(limit) }
    exchange.reading = .begun
    try await collect(&exchange, expecting: declared ?? 0, limit: limit)
    if let declared, exchange.request.body.count < declared {
      throw RouteError(400, "incomplete-body", "the body ended before its declared length of \(declared) bytes")
    }
    exchange.reading = .done
  }

  private func collect(_ exchange: inout Exchange, expecting size: Int, limit: Int) async throws(RouteError) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    do {
      for try await part in exchange.body {
        guard bytes.count + part.readableBytes <= limit else { throw RouteError.bodyTooLarge(limit) }
        guard room.take(part.readableBytes) else {
          throw RouteError.tooBusy("too many large bodies are being worked on")
        }
        exchange.bufferedBytes += part.readableBytes
        bytes.append(contentsOf: part.readableBytesView)
      }
    } catch let error as RouteError {
      throw error
    } catch let fault as ConnectionFault {
      throw fault.error
    } catch {
      throw RouteError(400, "incomplete-body", "the connection ended inside the body")
    }
    exchange.request.body = bytes
  }
}

extension RouteError {
  /// There is no room in memory.
  static func tooBusy(_ detail: String) -> RouteError {
    RouteError(503, "too-busy", detail, hint: "send it again in a moment", headers: [("Retry-After", "1")])
  }

  /// The body is longer than the route takes.
  static func bodyTooLarge(_ limit: Int) -> RouteError {
    RouteError(413, "payload-too-large", "the body is longer than \(limit) bytes")
  }
}
