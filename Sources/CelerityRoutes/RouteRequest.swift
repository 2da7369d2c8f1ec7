public import CelerityCore
public import CelerityJSON

/// A request as a route's handler sees it: read, measured and decoded by the gateway.
public struct RouteRequest: Sendable {
  public var method: String
  /// The path as it arrived, without the query.
  public var path: String
  /// Values of the path's parameters, percent-decoded.
  public var parameters: [String: String]
  /// The query's pairs in order, decoded.
  public var query: [(name: String, value: String)]
  /// Header fields by lower-case name; several of one name are joined by commas.
  public var headers: [String: String]
  public var body: [UInt8]
  public var tenant: Tenant
  /// The client's `X-Request-ID` or one made for it.
  public var requestID: String
  /// W3C trace context, the client's or one made for it.
  public var traceparent: String
  /// The IP address that it came from, which is that of a proxy where there is one; `nil` where that is not known. It is
  /// what the system says, never what a client writes in a field.
  public var peer: String?
  /// Whether its client is still there; `nil` where that is not known.
  public var client: ClientPresence?

  /// A request.
  public init(
    method: String, path: String, parameters: [String: String] = [:], query: [(name: String, value: String)] = [],
    headers: [String: String] = [:], body: [UInt8] = [], tenant: Tenant = .default, requestID: String,
    traceparent: String
  ) {
    self.method = method
    self.path = path
    self.parameters = parameters
    self.query = query
    self.headers = headers
    self.body = body
    self.tenant = tenant
    self.requestID = requestID
    self.traceparent = traceparent
  }

  /// The trace's id, 32 hex digits, for logs and problem bodies.
  public var traceID: String {
    let parts = traceparent.split(separator: "-")
    return parts.count == 4 ? String(parts[1]) : ""
  }

  /// The body as strict JSON; throws 400 `malformed-json` (or the code the fault has) with the place in the detail.
  public func json(limits: JSONLimits = .standard) throws(RouteError) -> RawJSON {
    do {
      return try RawJSON(validating: body, limits: limits)
    } catch {
      throw RouteError(malformed: error)
    }
  }

  /// The value of a query parameter given at most once.
  public func queryValue(_ name: String) throws(RouteError) -> String? {
    let values = query.filter { $0.name == name }
    guard values.count <= 1 else {
      throw RouteError(400, "invalid-query", "the query parameter '\(name)' is given \(values.count) times")
    }
    return values.first?.value
  }
}

/// What a handler answers.
public struct RouteResponse: Sendable {
  /// The body of an answer.
  public enum Body: Sendable {
    case none
    case json(RawJSON)
    case bytes([UInt8], contentType: String)
    /// Sent piece by piece, at the pace at which the client takes them, until the sequence ends, the client leaves or the
    /// gateway stops; clients that are there when it stops get `farewell` last.
    case stream(AsyncStream<[UInt8]>, contentType: String, farewell: [UInt8]? = nil)
  }

  public var status: Int
  public var headers: [(name: String, value: String)]
  public var body: Body

  /// An answer.
  public init(_ status: Int, headers: [(name: String, value: String)] = [], body: Body = .none) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// An answer with a JSON body.
  public static func json(
    _ status: Int = 200, _ value: RawJSON, headers: [(name: String, value: String)] = []
  ) -> RouteResponse {
    RouteResponse(status, headers: headers, body: .json(value))
  }

  /// An answer with a JSON body made from a value.
  public static func json(
    _ status: Int = 200, encoding value: some Encodable, headers: [(name: String, value: String)] = []
  ) throws -> RouteResponse {
    .json(status, try RawJSONEncoder().encode(value), headers: headers)
  }

  /// An answer of plain text.
  public static func text(_ status: Int = 200, _ text: String) -> RouteResponse {
    RouteResponse(status, body: .bytes(Array(text.utf8), contentType: "text/plain; charset=utf-8"))
  }
}
