import AsyncHTTPClient
import CelerityJSON
import NIOCore
import NIOHTTP1

/// Follows an event stream.
struct EventClient {
  let status: Int
  let headers: HTTPHeaders
  private(set) var parser = EventStreamParser()
  private var body: AsyncThrowingStream<[UInt8], any Error>.Iterator
  private var waiting: [SeenEvent] = []

  init(_ response: HTTPClientResponse, _ body: AsyncThrowingStream<[UInt8], any Error>) {
    status = Int(response.status.code)
    headers = response.headers
    self.body = body.makeAsyncIterator()
  }

  /// The next event; `nil` when the stream has ended in an orderly way.
  mutating func next() async throws -> SeenEvent? {
    while waiting.isEmpty {
      guard let piece = try await body.next(isolation: #isolation) else { return nil }
      waiting += parser.append(piece)
    }
    return waiting.removeFirst()
  }

  /// The next events until one is as wanted, that one last; fewer when the stream ends.
  mutating func events(until isLast: (SeenEvent) -> Bool) async throws -> [SeenEvent] {
    var events: [SeenEvent] = []
    while let event = try await next() {
      events.append(event)
      if isLast(event) { break }
    }
    return events
  }

  /// All events to the end.
  mutating func rest() async throws -> [SeenEvent] { try await events { _ in false } }

  /// Reads until so many comments have come.
  mutating func comments(_ count: Int) async throws -> [String] {
    while parser.comments.count < count {
      guard let piece = try await body.next(isolation: #isolation) else { break }
      waiting += parser.append(piece)
    }
    return parser.comments
  }
}

extension SeenEvent {
  var json: RawJSON { (try? RawJSON(validating: Array(data.utf8))) ?? .null }

  /// `task PENDING`, for short expectations.
  var summary: String { json["state"]?.stringValue.map { "\(name) \($0)" } ?? name }

  /// The id of the task that it tells of.
  var task: String? { json["id"]?.stringValue }
}

extension RunningGateway {
  /// Follows a stream around a piece of a test. The connection is the stream's own and is closed at the end.
  func follow<Result: Sendable>(
    _ path: String, after id: String? = nil, _ body: @Sendable (inout EventClient) async throws -> Result
  ) async throws -> Result {
    let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .init())
    do {
      var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
      if let id { request.headers.add(name: "Last-Event-ID", value: id) }
      let response = try await http.execute(request, deadline: .now() + .seconds(60))
      let result = try await Self.read(response, body)
      try await http.shutdown()
      return result
    } catch {
      try? await http.shutdown()
      throw error
    }
  }

  private static func read<Result: Sendable>(
    _ response: HTTPClientResponse, _ body: @Sendable (inout EventClient) async throws -> Result
  ) async throws -> Result {
    let (pieces, source) = AsyncThrowingStream.makeStream(of: [UInt8].self)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          for try await piece in response.body { source.yield(Array(piece.readableBytesView)) }
          source.finish()
        } catch {
          source.finish(throwing: error)
        }
      }
      defer { group.cancelAll() }
      var client = EventClient(response, pieces)
      return try await body(&client)
    }
  }
}
