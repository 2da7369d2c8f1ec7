import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why no answer came.
enum TransportError: Error, Sendable, Hashable {
  /// Nobody listens there.
  case refused
  /// The name of the host is known to nobody.
  case unknownHost(String)
  /// Nothing could be reached, for this reason.
  case unreachable(String)
  /// The connection ended before the answer did.
  case broken(String)
  case timedOut
  case cancelled
  /// The answer is none of HTTP, or too long.
  case strange(String)
  /// What answers there speaks no TLS.
  case unencrypted
  /// Its certificate is none that this machine trusts.
  case untrusted

  private static let noHTTP = "what came back is no HTTP"

  /// Sorts what the HTTP library threw.
  init(_ error: any Error) {
    switch error {
    case let error as TransportError: self = error
    case is CancellationError: self = .cancelled
    case is TimeLimitReached: self = .timedOut
    case let error as HTTPClientError: self = Self(error)
    case let error as NIOConnectionError: self = Self(error)
    case let error as IOError: self = Self(code: error.errnoCode)
    // The connection ended in the middle of an answer.
    case HTTPParserError.invalidEOFState: self = .broken("the connection was closed")
    case let error as ChannelError: self = error == .eof ? .broken("\(error)") : .unreachable("\(error)")
    case is HTTPParserError: self = .strange(Self.noHTTP)
    case is NIOTooManyBytesError: self = .strange("the answer is longer than 256 MiB")
    // The library of TLS is none of this module's, and only the texts of its errors tell them apart.
    case _ where String(reflecting: type(of: error)).hasPrefix("NIOSSL."): self = Self(encryption: "\(error)")
    default: self = .strange("\(error)")
    }
  }

  private init(encryption text: String) {
    if ["WRONG_VERSION_NUMBER", "HTTP_REQUEST"].contains(where: text.contains) {
      self = .unencrypted
    } else if text.contains("CERTIFICATE") || text.contains("ertificate") {
      self = .untrusted
    } else {
      self = .strange("no encrypted connection could be agreed on")
    }
  }

  private init(_ error: HTTPClientError) {
    switch error {
    case .cancelled, .requestStreamCancelled: self = .cancelled
    case .connectTimeout, .tlsHandshakeTimeout: self = .unreachable("no connection within the time allowed")
    case .readTimeout, .writeTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout: self = .timedOut
    case .remoteConnectionClosed, .uncleanShutdown: self = .broken("the connection was closed")
    default: self = .strange("\(error)")
    }
  }

  private init(_ error: NIOConnectionError) {
    if let failure = error.connectionErrors.first?.error {
      self = Self(failure)
    } else if error.dnsAError != nil || error.dnsAAAAError != nil {
      self = .unknownHost(error.host)
    } else {
      self = .unreachable("\(error)")
    }
  }

  private init(code: Int32) {
    switch code {
    case ECONNREFUSED: self = .refused
    case ECONNRESET, EPIPE: self = .broken("the connection was reset")
    default: self = .unreachable(String(cString: strerror(code)))
    }
  }

  /// Whether another attempt may go better.
  var isWorthRetrying: Bool {
    switch self {
    case .refused, .unreachable, .broken, .timedOut: true
    case .unknownHost, .cancelled, .strange, .unencrypted, .untrusted: false
    }
  }

  /// In a few words.
  var reason: String {
    switch self {
    case .refused: "the connection was refused"
    case .unknownHost(let host): "the host '\(host)' is not known"
    case .unreachable(let why), .broken(let why), .strange(let why): why
    case .timedOut: "no answer in time"
    case .unencrypted: "what answers there speaks plain HTTP"
    case .untrusted: "its certificate is none that this machine trusts"
    case .cancelled: "cancelled"
    }
  }

  /// The error a verb ends with.
  func asClientError(_ address: GatewayAddress, _ timeout: Duration) -> ClientError {
    let hint = address.isLocal ? "is a gateway running? try: celerity dev" : address.doubt
    switch self {
    case .cancelled: return .interrupted
    case .unknownHost:
      return ClientError(
        "nothing answers at \(address)", cause: reason, hint: address.doubt, status: .unavailable)
    case .refused, .unreachable:
      return ClientError("nothing answers at \(address)", cause: reason, hint: hint, status: .unavailable)
    case .broken:
      return ClientError(
        "the gateway at \(address) ended the connection", cause: reason, hint: hint, status: .unavailable)
    case .timedOut:
      return ClientError(
        "no answer from \(address) within \(HumanText.duration(timeout))", cause: "the gateway is busy or stuck",
        hint: "allow more with --timeout SECONDS, or look at celerity doctor", status: .tryLater)
    case .strange(let what):
      return ClientError(
        "\(address) does not answer like a gateway of Celerity", cause: what,
        hint: what == Self.noHTTP && address.base.hasPrefix("http:")
          ? address.origin.advice(address.replacingScheme("https")) : address.doubt,
        status: .unavailable)
    case .unencrypted:
      return ClientError(
        "\(address) is not encrypted", cause: reason, hint: address.origin.advice(address.replacingScheme("http")),
        status: .unavailable)
    case .untrusted:
      return ClientError("\(address) can't be trusted", cause: reason, hint: address.doubt, status: .unavailable)
    }
  }
}
