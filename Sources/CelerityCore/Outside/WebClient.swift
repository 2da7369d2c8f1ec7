/// Requests to other servers: how services reach what is outside, without knowing an HTTP library.
public protocol WebClient: Sendable {
  /// Sends a request and reads the whole answer, whatever its status. Redirects are not followed.
  func send(_ request: WebRequest) async throws(WebError) -> WebResponse
}

/// A request.
public struct WebRequest: Sendable {
  public var method: String
  public var url: String
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]
  /// For everything, from the connection to the last byte.
  public var timeout: Duration
  /// An answer that is longer is an error.
  public var answerLimit: Int

  /// A request.
  public init(
    _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
    timeout: Duration = .seconds(10), answerLimit: Int = 1 << 20
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.answerLimit = answerLimit
  }
}

/// An answer.
public struct WebResponse: Sendable {
  public var status: Int
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]

  /// An answer.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Why there is no answer. Its text never holds headers or queries, where secrets stand.
public struct WebError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure.
  public enum Code: String, Sendable {
    case invalidURL = "invalid_url"
    case unreachable
    case timedOut = "timed_out"
    case tooLong = "too_long"
  }

  public var code: Code
  public var message: String

  /// A failure.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
