/// Where a server is and how to introduce oneself, read from a URL as Celery's users write it:
///
/// - `redis://[user:password@]host[:6379][/database]`, `rediss://` for TLS
/// - `redis+socket:///path/to/socket[?virtual_host=database]`
/// - `sentinel://[user:password@]host[:26379][,host…]/[database]?master_name=NAME`, or Celery's form with a URL per sentinel, separated
///   by semicolons
///
/// Query parameters: `db` or `virtual_host`, `ssl_cert_reqs` (`required`, `none`), `ssl_ca_certs`, `ssl_certfile`, `ssl_keyfile`,
/// `master_name`, `sentinel_password`, `sentinel_username`. Others are refused by name.
public struct RedisEndpoint: Sendable, Hashable {
  /// How the server is reached.
  public enum Place: Sendable, Hashable {
    case host(String, port: Int)
    case socket(String)
    /// Sentinels that know where the master of a name is.
    case sentinels([Sentinel], master: String)
  }

  /// One sentinel.
  public struct Sentinel: Sendable, Hashable {
    public var host: String
    public var port: Int

    /// A sentinel by its address.
    public init(host: String, port: Int = 26_379) {
      self.host = host
      self.port = port
    }
  }

  /// How TLS is used.
  public struct TLS: Sendable, Hashable {
    public var verifies = true
    public var authorities: String?
    public var certificate: String?
    public var key: String?

    /// TLS that trusts the system's authorities.
    public init() {}
  }

  public var place: Place
  public var user: String?
  public var password: String?
  public var sentinelUser: String?
  public var sentinelPassword: String?
  public var database: Int
  public var tls: TLS?

  /// An endpoint.
  public init(_ place: Place, user: String? = nil, password: String? = nil, database: Int = 0, tls: TLS? = nil) {
    self.place = place
    self.user = user
    self.password = password
    self.database = database
    self.tls = tls
  }
}

extension RedisEndpoint: CustomStringConvertible {
  /// The URL without secrets, for logs and errors.
  public var description: String {
    switch place {
    case .host(let host, let port): "\(tls == nil ? "redis" : "rediss")://\(bracketed(host)):\(port)/\(database)"
    case .socket(let path): "redis+socket://\(path)?virtual_host=\(database)"
    case .sentinels(let sentinels, let master):
      "sentinel://" + sentinels.map { "\(bracketed($0.host)):\($0.port)" }.joined(separator: ",")
        + "/\(database)?master_name=\(master)"
    }
  }

  private func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}
