public import CelerityCore
import CelerityJSON

/// One route of the HTTP API as a value: the router, the OpenAPI document and the access rules are all made from it.
public struct Route: Sendable {
  /// The methods a route can have.
  public enum Method: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  /// Who may call it once keys are configured.
  public enum Scope: Sendable, Hashable {
    /// Everybody.
    case open
    /// Whoever holds a key with this permission, `tasks:read`.
    case permission(String)
  }

  public var method: Method
  public var path: PathTemplate
  /// Stable name for generated clients.
  public var operationID: String
  public var summary: String
  public var scope: Scope
  public var parameters: [QueryParameter]
  /// What the body must be; `nil` when the route takes none.
  public var request: JSONSchema?
  public var responses: [Response]
  public var envelope: ErrorEnvelope
  /// Most bytes of body read.
  public var maximumBodyBytes: Int
  public var handler: @Sendable (RouteRequest, ServiceEnvironment) async throws -> RouteResponse

  /// A route.
  public init(
    _ method: Method, _ path: PathTemplate, operationID: String, summary: String, scope: Scope = .open,
    parameters: [QueryParameter] = [], request: JSONSchema? = nil, responses: [Response] = [],
    envelope: ErrorEnvelope = .problem, maximumBodyBytes: Int = 1 << 20,
    handler: @escaping @Sendable (RouteRequest, ServiceEnvironment) async throws -> RouteResponse
  ) {
    self.method = method
    self.path = path
    self.operationID = operationID
    self.summary = summary
    self.scope = scope
    self.parameters = parameters
    self.request = request
    self.responses = responses
    self.envelope = envelope
    self.maximumBodyBytes = maximumBodyBytes
    self.handler = handler
  }

  /// A parameter of the query string.
  public struct QueryParameter: Sendable, Hashable {
    public var name: String
    public var schema: JSONSchema
    public var description: String

    /// A parameter that may be left out.
    public init(_ name: String, _ schema: JSONSchema, _ description: String) {
      self.name = name
      self.schema = schema
      self.description = description
    }
  }

  /// An answer a route gives.
  public struct Response: Sendable, Hashable {
    public var status: Int
    public var description: String
    public var schema: JSONSchema?
    public var contentType: String

    /// An answer with its schema.
    public init(
      _ status: Int, _ description: String, _ schema: JSONSchema? = nil, contentType: String = "application/json"
    ) {
      self.status = status
      self.description = description
      self.schema = schema
      self.contentType = contentType
    }
  }
}

/// How errors of a route look.
public enum ErrorEnvelope: Sendable {
  /// `application/problem+json`, RFC 9457.
  case problem
  /// The form a service's own documentation promises.
  case custom(@Sendable (RouteError, RouteRequest) -> RouteResponse)
}
