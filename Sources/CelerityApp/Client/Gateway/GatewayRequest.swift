import CelerityCore
import CelerityJSON
import NIOHTTP1

/// A request to a gateway.
struct GatewayRequest: Sendable {
  var method: HTTPMethod
  /// Its segments are escaped already (`percentEncoded`).
  var path: String
  var query: [(name: String, value: String)] = []
  var headers: [(name: String, value: String)] = []
  var body: [UInt8]?
  var contentType = "application/json"
  /// Seconds that the gateway may hold the answer back by request; they come on top of the time allowed.
  var hold: Duration = .zero
  /// Whether sending it twice does no more than sending it once.
  var isRepeatable: Bool

  /// A request that reads.
  static func get(_ path: String, query: [(name: String, value: String)] = []) -> GatewayRequest {
    GatewayRequest(method: .GET, path: path, query: query, isRepeatable: true)
  }

  /// A request that changes something. Say that it is repeatable only when a second one changes nothing more.
  static func post(_ path: String, body: RawJSON? = nil, isRepeatable: Bool = false) -> GatewayRequest {
    GatewayRequest(method: .POST, path: path, body: body?.bytes, isRepeatable: isRepeatable)
  }

  /// Puts a whole thing in place.
  static func put(_ path: String, body: RawJSON) -> GatewayRequest {
    GatewayRequest(method: .PUT, path: path, body: body.bytes, isRepeatable: true)
  }

  /// Removes a thing.
  static func delete(_ path: String) -> GatewayRequest {
    GatewayRequest(method: .DELETE, path: path, isRepeatable: true)
  }

  /// Path and query as they are sent.
  var target: String {
    guard !query.isEmpty else { return path }
    return path + "?"
      + query.map { $0.name.percentEncoded + "=" + $0.value.percentEncoded }.joined(separator: "&")
  }
}

/// What a gateway answered when all went well.
struct GatewayAnswer: Sendable {
  var status: Int
  var headers: HTTPHeaders
  var body: [UInt8]

  /// The body as JSON.
  func json() throws(ClientError) -> RawJSON {
    do {
      return try RawJSON(validating: body, limits: .trusted)
    } catch {
      throw ClientError(
        "the answer is not JSON", cause: error.description,
        hint: "does the address belong to a gateway of Celerity? celerity … --url URL", status: .failed)
    }
  }
}
