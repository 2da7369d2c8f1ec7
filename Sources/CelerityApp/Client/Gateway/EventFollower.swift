import AsyncHTTPClient
import CelerityCore
import NIOCore
import NIOHTTP1

/// Follows a stream of events over connections that may break: each new one resumes after the last event that was read.
struct EventFollower: Sendable {
  let gateway: GatewayClient
  let path: String
  var query: [(name: String, value: String)] = []
  /// How long to keep trying while nobody answers.
  var patience = Duration.seconds(60)
  /// Whether to keep trying before there was a first connection, too.
  var isKnownToExist = false

  /// Whether to go on after an event.
  enum Step: Sendable {
    case next, stop
  }

  /// What a person may want to know about the connection.
  enum Notice: Sendable, Hashable {
    case lost(String)
    case back
  }

  /// Hands each event on until one stops it or the stream says that it has no more. Throws what the gateway said when
  /// it refused the stream, and why it can't be reached when that has lasted too long.
  func run(
    notice: (Notice) -> Void, _ handle: (StreamEvent) async throws -> Step
  ) async throws {
    var parser = EventStreamParser()
    var outage = Outage(patience: isKnownToExist ? patience : .zero)
    while true {
      do {
        let response = try await connect(parser.lastEventID)
        if outage.end() { notice(.back) }
        outage.patience = patience
        guard response.status != .noContent else { return }
        parser = EventStreamParser(lastEventID: parser.lastEventID)
        if try await read(response, &parser, handle) == .stop { return }
        outage.begin(isQuiet: true, at: .now)
      } catch let error as TransportError where error.isWorthRetrying {
        let isFirst = outage.begin(isQuiet: false, at: .now)
        if outage.isTooLong(at: .now) { throw error.asClientError(gateway.address, gateway.timeout) }
        if isFirst { notice(.lost(error.reason)) }
      } catch let error as ClientError where error.status == .tryLater {
        // The gateway is stopping, or has too many readers.
        let isFirst = outage.begin(isQuiet: false, at: .now)
        if outage.isTooLong(at: .now) { throw error }
        if isFirst { notice(.lost(error.what)) }
      } catch let error as TransportError {
        throw error.asClientError(gateway.address, gateway.timeout)
      }
      try await Task.sleep(for: outage.pause(asked: parser.retryMilliseconds, at: .now))
    }
  }

  private func connect(_ lastEventID: String?) async throws -> HTTPClientResponse {
    var request = GatewayRequest.get(path, query: query)
    request.headers = [("Accept", "text/event-stream")]
    if let lastEventID { request.headers.append(("Last-Event-ID", lastEventID)) }
    let ready = request
    do {
      return try await withTimeLimit(gateway.timeout) { try await gateway.open(ready) }
    } catch is TimeLimitReached {
      throw TransportError.timedOut
    }
  }

  private func read(
    _ response: HTTPClientResponse, _ parser: inout EventStreamParser,
    _ handle: (StreamEvent) async throws -> Step
  ) async throws -> Step {
    var body = response.body.makeAsyncIterator()
    while true {
      let buffer: ByteBuffer?
      do {
        buffer = try await body.next()
      } catch {
        throw TransportError(error)
      }
      guard let buffer else { return .next }
      for event in try events(buffer, &parser) where try await handle(event) == .stop { return .stop }
    }
  }

  private func events(_ buffer: ByteBuffer, _ parser: inout EventStreamParser) throws -> [StreamEvent] {
    do {
      return try parser.feed(buffer.readableBytesView)
    } catch {
      throw TransportError.strange("an event is longer than 64 MiB")
    }
  }
}
