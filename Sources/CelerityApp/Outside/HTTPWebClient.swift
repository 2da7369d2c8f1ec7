import AsyncHTTPClient
import CelerityCore
import NIOCore
import NIOHTTP1

/// Requests to other servers over AsyncHTTPClient.
struct HTTPWebClient: WebClient {
  /// Lives as long as the process, as the library's own does. It follows no redirects: what is sent along would go to
  /// whom the answer names.
  private static let client: HTTPClient = {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.connectionPool.idleTimeout = .seconds(30)
    // Nobody there is an answer, and whoever wants another attempt makes it himself.
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    let place = try WebPlace(request.url)
    let order = try Self.order(request)
    do {
      return try await withTimeLimit(request.timeout) {
        let answer = try await Self.client.execute(order, timeout: TimeAmount(request.timeout))
        return try await Self.read(answer, place, limit: request.answerLimit)
      }
    } catch let error as WebError {
      throw error
    } catch {
      throw Self.failure(error, place)
    }
  }

  private static func order(_ request: WebRequest) throws(WebError) -> HTTPClientRequest {
    var order = HTTPClientRequest(url: request.url)
    guard !request.method.isEmpty, request.method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
      throw WebError(.invalidURL, "a method has capital letters only")
    }
    order.method = HTTPMethod(rawValue: request.method)
    for (name, value) in request.headers {
      // Whoever could end a line could add fields and requests of his own.
      guard isName(name), !value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
        throw WebError(.invalidURL, "a header field holds what none may hold")
      }
      order.headers.add(name: name, value: value)
    }
    if !request.body.isEmpty { order.body = .bytes(request.body) }
    return order
  }

  /// RFC 9110, 5.6.2: a token.
  private static func isName(_ text: String) -> Bool {
    let others = "!#$%&'*+-.^_`|~".utf8
    return !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || others.contains(byte)
      }
  }

  private static func read(
    _ answer: HTTPClientResponse, _ place: WebPlace, limit: Int
  ) async throws -> WebResponse {
    var body: [UInt8] = []
    for try await part in answer.body {
      guard body.count + part.readableBytes <= limit else {
        throw WebError(.tooLong, "the answer of \(place) is longer than \(limit) bytes")
      }
      body.append(contentsOf: part.readableBytesView)
    }
    return WebResponse(
      status: Int(answer.status.code), headers: answer.headers.map { ($0.name, $0.value) }, body: body)
  }

  /// The library's own texts may repeat what was sent; ours never do.
  private static func failure(_ error: any Error, _ place: WebPlace) -> WebError {
    switch TransportError(error) {
    case .timedOut: WebError(.timedOut, "\(place) gave no answer in time")
    case .strange: WebError(.unreachable, "what came from \(place) is no answer of HTTP")
    case .cancelled: WebError(.unreachable, "the request to \(place) was cancelled")
    case let other: WebError(.unreachable, "\(place) can't be reached: \(other.reason)")
    }
  }
}

/// Where a request goes, as far as it may be told: the host and the port, without names, passwords, path and query.
struct WebPlace: Sendable, Hashable, CustomStringConvertible {
  let description: String

  /// Refuses what is no address of HTTP, and passwords in it, which this client would not send.
  init(_ url: String) throws(WebError) {
    guard let end = url.firstRange(of: "://") else { throw Self.refusal }
    guard ["http", "https"].contains(url[..<end.lowerBound].lowercased()) else {
      throw WebError(.invalidURL, "an address must begin with http:// or https://")
    }
    guard !url.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) else { throw Self.refusal }
    let authority = url[end.upperBound...].prefix { !"/?#\\".contains($0) }
    guard !authority.contains("@") else {
      throw WebError(.invalidURL, "an address must hold no name and no password; they belong into a header field")
    }
    guard !authority.isEmpty, authority.first != ":" else { throw Self.refusal }
    description = String(authority)
  }

  private static var refusal: WebError { WebError(.invalidURL, "this is no address of a web server") }
}
