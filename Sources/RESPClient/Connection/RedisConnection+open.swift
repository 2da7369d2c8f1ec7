import NIOCore
public import NIOPosix
import NIOSSL

extension RedisConnection {
  /// Connects and introduces itself: protocol 3, user, name, database. With sentinels the master is looked up first.
  public static func open(
    _ configuration: RedisConfiguration, on group: MultiThreadedEventLoopGroup,
    onPush: @escaping @Sendable ([RESPValue]) -> Void = { _ in }
  ) async throws -> RedisConnection {
    let place = try await MasterSearch(configuration: configuration, group: group).place()
    let connection = try await connect(configuration, place, on: group, onPush: onPush)
    do {
      try await connection.introduce(configuration)
    } catch {
      await connection.close()
      throw error
    }
    return connection
  }

  static func connect(
    _ configuration: RedisConfiguration, _ place: RedisEndpoint.Place, on group: MultiThreadedEventLoopGroup,
    onPush: @escaping @Sendable ([RESPValue]) -> Void = { _ in }
  ) async throws -> RedisConnection {
    let endpoint = configuration.endpoint
    let tls = try endpoint.tls.map { try TLSContext($0, place) }
    let (limits, replyTimeout) = (configuration.limits, configuration.replyTimeout)
    let bootstrap = ClientBootstrap(group: group)
      .connectTimeout(.nanoseconds(configuration.connectTimeout.nanoseconds))
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls { try channel.pipeline.syncOperations.addHandler(try tls.handler()) }
          try channel.pipeline.syncOperations.addHandler(
            RedisChannelHandler(limits: limits, replyTimeout: replyTimeout, onPush: onPush))
        }
      }
    do {
      switch place {
      case .host(let host, let port): return RedisConnection(try await bootstrap.connect(host: host, port: port).get())
      case .socket(let path):
        return RedisConnection(try await bootstrap.connect(unixDomainSocketPath: path).get())
      case .sentinels: throw RedisError(.invalidURL, "a sentinel does not keep data")
      }
    } catch let error as RedisError {
      throw error
    } catch {
      throw RedisError(.unreachable, Self.reason(error))
    }
  }

  /// Why no connection came about, in the words of the operating system where it is its refusal.
  static func reason(_ error: any Error) -> String {
    switch error {
    case let error as RedisError: error.message
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { reason($0.error) } ?? "the host's name is not known"
    case let error as IOError: String(cString: strerror(error.errnoCode)).lowercased()
    case ChannelError.connectTimeout: "no answer in time"
    default: "\(error)"
    }
  }

  /// Redis before 6 does not know HELLO: such a server is refused by name rather than half understood.
  private func introduce(_ configuration: RedisConfiguration) async throws {
    let endpoint = configuration.endpoint
    var hello: [RESPCommand.Argument] = ["HELLO", "3"]
    if let password = endpoint.password {
      hello += ["AUTH", .text(endpoint.user ?? "default"), .text(password)]
    }
    if let name = configuration.name { hello += ["SETNAME", .text(name)] }
    var commands = [RESPCommand(hello)]
    if endpoint.database != 0 { commands.append(RESPCommand("SELECT", .number(endpoint.database))) }
    for reply in try await send(commands) {
      guard case .error(let error) = reply else { continue }
      if error.message.hasPrefix("ERR unknown command") || error.code == "NOPROTO" {
        throw RedisError(.unsuitable, "\(endpoint) is older than Redis 6", reply: error)
      }
      throw RedisError(error)
    }
  }
}

/// TLS as the URL asks for it.
private struct TLSContext: Sendable {
  let context: NIOSSLContext
  let hostname: String?

  init(_ tls: RedisEndpoint.TLS, _ place: RedisEndpoint.Place) throws {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if let file = tls.authorities { configuration.trustRoots = .file(file) }
    if let file = tls.certificate {
      configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) }
    }
    if let file = tls.key { configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: file, format: .pem)) }
    if !tls.verifies { configuration.certificateVerification = .none }
    context = try NIOSSLContext(configuration: configuration)
    // A numeric address is no name for SNI (RFC 6066, 3).
    if case .host(let host, _) = place, (try? SocketAddress(ipAddress: host, port: 0)) == nil {
      hostname = host
    } else {
      hostname = nil
    }
  }

  func handler() throws -> NIOSSLClientHandler { try NIOSSLClientHandler(context: context, serverHostname: hostname) }
}

extension Duration {
  /// Whole nanoseconds, as NIO counts them.
  var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
