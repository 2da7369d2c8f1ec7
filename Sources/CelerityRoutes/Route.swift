public import CelerityCore
public import CelerityJSON

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
  /// More than the summary says, in Markdown: order, limits, what may be called twice.
  public var details: String?
  /// The chapter of the reference it belongs to; `nil` means the service's name, or `platform`.
  public var tag: String?
  public var scope: Scope
  /// What the path's parameters mean, by name; one without an entry is any text.
  public var pathParameters: [String: Parameter]
  public var parameters: [Parameter]
  /// Request header fields the route heeds.
  public var headers: [Parameter]
  /// What the body must be; `nil` when the route takes none.
  public var request: JSONSchema?
  /// What a body may be; a body of another type is refused with 415.
  public var requestMediaTypes: [String]
  /// A body that works when it is sent as it stands.
  public var requestExample: RawJSON?
  public var responses: [Response]
  public var envelope: ErrorEnvelope
  /// What the body of an error is when the envelope is the service's own.
  public var errorSchema: JSONSchema?
  /// Most bytes of body read.
  public var maximumBodyBytes: Int
  public var handler: @Sendable (RouteRequest, ServiceEnvironment) async throws -> RouteResponse

  /// A route.
  public init(
    _ method: Method, _ path: PathTemplate, operationID: String, summary: String, details: String? = nil,
    tag: String? = nil, scope: Scope = .open, pathParameters: [String: Parameter] = [:],
    parameters: [Parameter] = [], headers: [Parameter] = [], request: JSONSchema? = nil,
    requestMediaTypes: [String] = ["application/json"], requestExample: RawJSON? = nil, responses: [Response] = [],
    envelope: ErrorEnvelope = .problem, errorSchema: JSONSchema? = nil, maximumBodyBytes: Int = 1 << 20,
    handler: @escaping @Sendable (RouteRequest, ServiceEnvironment) async throws -> RouteResponse
  ) {
    self.method = method
    self.path = path
    self.operationID = operationID
    self.summary = summary
    self.details = details
    self.tag = tag
    self.scope = scope
    self.pathParameters = pathParameters
    self.parameters = parameters
    self.headers = headers
    self.request = request
    self.requestMediaTypes = requestMediaTypes
    self.requestExample = requestExample
    self.responses = responses
    self.envelope = envelope
    self.errorSchema = errorSchema
    self.maximumBodyBytes = maximumBodyBytes
    self.handler = handler
  }

  /// A parameter of the path, the query string or the header fields.
  public struct Parameter: Sendable, Hashable {
    public var name: String
    public var schema: JSONSchema
    public var description: String
    public var isRequired: Bool

    /// A parameter; one of the path is always required.
    public init(_ name: String, _ schema: JSONSchema, _ description: String, isRequired: Bool = false) {
      self.name = name
      self.schema = schema
      self.description = description
      self.isRequired = isRequired
    }
  }

  /// An answer a route gives.
  public struct Response: Sendable, Hashable {
    public var status: Int
    public var description: String
    public var schema: JSONSchema?
    public var contentType: String
    /// Header fields of the answer.
    public var headers: [Parameter]
    public var example: RawJSON?

    /// An answer with its schema.
    public init(
      _ status: Int, _ description: String, _ schema: JSONSchema? = nil, contentType: String = "application/json",
      headers: [Parameter] = [], example: RawJSON? = nil
    ) {
      self.status = status
      self.description = description
      self.schema = schema
      self.contentType = contentType
      self.headers = headers
      self.example = example
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
