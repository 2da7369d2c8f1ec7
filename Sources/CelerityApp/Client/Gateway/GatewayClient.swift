import AsyncHTTPClient
import CelerityCore
import CelerityJSON
import NIOCore
import NIOHTTP1

/// Talks to one gateway. Every failure comes out as the error a verb can end with.
struct GatewayClient: Sendable {
  let address: GatewayAddress
  /// How long an answer may take, apart from what it was asked to be held back.
  let timeout: Duration
  private let http: HTTPClient

  /// No answer is longer; a page of tasks with large results can be.
  private static let maximumAnswer = 256 << 20
  /// A gateway writes into an idle stream every 15 seconds, and holds no answer longer than 30.
  static let longestSilence = Duration.seconds(45)

  /// A client on connections of its own; `close` ends them.
  init(_ address: GatewayAddress, timeout: Duration) {
    self.address = address
    self.timeout = timeout
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(
        connect: .nanoseconds(min(timeout, .seconds(10)).inNanoseconds),
        read: .nanoseconds(max(timeout + .seconds(15), Self.longestSilence).inNanoseconds)))
    configuration.httpVersion = .http1Only
    // Nobody there is an answer; a person should not wait for it.
    configuration.connectionPool.retryConnectionEstablishment = false
    http = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
  }

  /// Ends all connections.
  func close() async { try? await http.shutdown() }

  /// Sends a request and collects the answer; throws the problem of any status from 400 on. What is repeatable is sent
  /// again when the connection broke or the gateway asked for a moment's patience.
  func send(_ request: GatewayRequest) async throws(ClientError) -> GatewayAnswer {
    let start = ContinuousClock.now
    var attempt = 0
    while true {
      attempt += 1
      let pause: Duration
      do {
        let answer = try await once(request)
        guard answer.status >= 400 else { return answer }
        let problem = ClientError(status: answer.status, headers: answer.headers, body: answer.body, request: request)
        guard let wait = RepeatRule.pause(answer, problem, request, attempt) else { throw problem }
        if ContinuousClock.now - start + wait > timeout { throw problem }
        pause = wait
      } catch let error as TransportError {
        guard let wait = RepeatRule.pause(error, request, attempt), ContinuousClock.now - start + wait < timeout
        else { throw error.asClientError(address, timeout) }
        pause = wait
      } catch {
        throw error as? ClientError ?? ClientError("the request failed", cause: "\(error)")
      }
      do { try await Task.sleep(for: pause) } catch { throw .interrupted }
    }
  }

  /// The JSON of an answer.
  func json(_ request: GatewayRequest) async throws(ClientError) -> RawJSON { try await send(request).json() }

  /// Opens a stream whose body the caller reads as it comes.
  func open(_ request: GatewayRequest) async throws -> HTTPClientResponse {
    do {
      // The head comes at once; how long the body may be silent is watched by the reader.
      let response = try await http.execute(prepared(request), deadline: .distantFuture)
      guard response.status.code < 400 else {
        let body = try await response.body.collect(upTo: 1 << 20)
        throw ClientError(
          status: Int(response.status.code), headers: response.headers, body: Array(body.readableBytesView),
          request: request)
      }
      return response
    } catch let error as ClientError {
      throw error
    } catch {
      throw TransportError(error)
    }
  }

  private func once(_ request: GatewayRequest) async throws -> GatewayAnswer {
    let prepared = prepared(request)
    let limit = timeout + request.hold
    do {
      return try await withTimeLimit(limit) {
        let response = try await http.execute(prepared, deadline: .distantFuture)
        let body = try await response.body.collect(upTo: Self.maximumAnswer)
        return GatewayAnswer(
          status: Int(response.status.code), headers: response.headers, body: Array(body.readableBytesView))
      }
    } catch {
      throw TransportError(error)
    }
  }

  private func prepared(_ request: GatewayRequest) -> HTTPClientRequest {
    var prepared = HTTPClientRequest(url: address.base + request.target)
    prepared.method = request.method
    prepared.headers.add(name: "user-agent", value: "celerity/" + celerityVersion)
    prepared.headers.add(name: "accept", value: "application/json, application/problem+json")
    for (name, value) in request.headers { prepared.headers.replaceOrAdd(name: name, value: value) }
    if let body = request.body {
      prepared.headers.replaceOrAdd(name: "content-type", value: request.contentType)
      prepared.body = .bytes(ByteBuffer(bytes: body))
    } else if request.method == .POST || request.method == .PUT {
      prepared.headers.replaceOrAdd(name: "content-length", value: "0")
    }
    return prepared
  }
}

extension Duration {
  /// Whole nanoseconds; saturates.
  var inNanoseconds: Int64 {
    let (value, overflow) = microseconds.multipliedReportingOverflow(by: 1000)
    return overflow ? .max : value
  }
}
