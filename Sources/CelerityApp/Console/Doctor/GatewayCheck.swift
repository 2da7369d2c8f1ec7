import CelerityCore
import CelerityJSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The gateway's port: free, or held by whom.
struct PortCheck {
  private let host: String
  private let port: Int
  /// The process that owns the data directory; `nil` where nobody does, or none is used.
  private let owner: Int32?
  /// Whether any number of gateways may run on the store.
  private let isShared: Bool

  private static let name = "port"

  init(_ settings: ResolvedSettings, owner: Int32?, isShared: Bool) {
    host = settings[Settings.host]
    port = settings[Settings.port]
    self.owner = owner
    self.isShared = isShared
  }

  func findings() async -> [Finding] {
    guard host.hasPrefix("127.") || host == "::1" || host.lowercased() == "localhost" else {
      return [
        .error(
          Self.name, "the gateway does not listen on \(host): without keys it serves this machine only",
          fix: "set host to 127.0.0.1, and put a proxy in front that knows who may come in")
      ]
    }
    guard port != 0 else { return [.ok(Self.name, "any free one")] }
    switch ListeningSocket.probe(host: host, port: port) {
    case .free: return [.ok(Self.name, "\(port) is free: no gateway runs on it")]
    case .taken: return await taken()
    case .refused(let reason):
      return [
        .error(
          Self.name, "can't listen on \(host):\(port): \(reason)",
          fix: "name a port from 1024 on with --port, or an address of this machine with --host")
      ]
    }
  }

  private func taken() async -> [Finding] {
    let holder = ListeningSocket.holder(of: port)
    let who = holder.map { "process \($0.pid) (\($0.name))" } ?? "a process that is not ours to see"
    let gateway = GatewayCheck("http://" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)")
    if let holder, holder.pid == owner {
      return [.ok(Self.name, "\(port) is held by \(who), which owns the store")] + (await gateway.findings())
    }
    if isShared, case let answers = await gateway.findings(), answers.allSatisfy({ $0.level == .ok }) {
      return [.ok(Self.name, "\(port) is held by \(who), a gateway")] + answers
    }
    let verb = isShared ? "serve" : "dev"
    // A start on this data directory would fail.
    return [
      .warning(
        Self.name, "\(port) is held by \(who)" + (isShared ? "" : ", which does not own this data directory"),
        fix: nextFree.map { "celerity \(verb) --port \($0)" } ?? "celerity \(verb) --port 0 takes a free one")
    ]
  }

  private var nextFree: Int? {
    guard port < 65_535 else { return nil }
    return ((port + 1)...min(port + 50, 65_535)).first { candidate in
      if case .free = ListeningSocket.probe(host: host, port: candidate) { true } else { false }
    }
  }
}

/// Whether a gateway answers at an address, and of which version it is.
struct GatewayCheck {
  private let text: String

  private static let name = "gateway"

  init(_ address: String) { text = address }

  func findings() async -> [Finding] {
    let address: GatewayAddress
    do {
      address = try GatewayAddress(text)
    } catch {
      return [.error(Self.name, SafeText.line(error.what), fix: error.hint ?? "--url \(GatewayAddress.standard)")]
    }
    let shown = SafeText.line(SecretText.masked(text))
    guard let answer = await answer(address) else {
      return [.warning(Self.name, "no gateway answers on \(shown)", fix: "start it, or name another with --url")]
    }
    guard let version = answer.version, version != celerityVersion else {
      return [.ok(Self.name, "version \(answer.version ?? "unknown") answers on \(shown)")]
    }
    return [
      .warning(
        Self.name, "version \(version) answers on \(shown), and this program is \(celerityVersion)",
        fix: "restart the gateway with this program, or use the program of that version")
    ]
  }

  /// What the gateway says it is; `nil` when something else answers, or nothing.
  private func answer(_ address: GatewayAddress) async -> (version: String?, Void)? {
    let client = GatewayClient(address, timeout: .seconds(2))
    let index = try? await client.json(.get("/"))
    // A service that is alone owns the root, so that the platform can't say its name there.
    let isOurs = index?["name"]?.stringValue == "celerity"
    let queues = isOurs ? nil : try? await client.json(.get("/v1/queues"))
    await client.close()
    if isOurs { return (index?["version"]?.stringValue, ()) }
    return queues?["queues"] == nil ? nil : (nil, ())
  }
}

/// Sockets that listen, as the system shows them.
enum ListeningSocket {
  enum Probe {
    case free, taken
    case refused(String)
  }

  /// Tries to listen, for a moment.
  static func probe(host: String, port: Int) -> Probe {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICSERV | AI_PASSIVE
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var found: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &found)
    guard code == 0, let address = found?.pointee else { return .refused(String(cString: gai_strerror(code))) }
    defer { freeaddrinfo(found) }
    let descriptor = socket(address.ai_family, address.ai_socktype, 0)
    guard descriptor >= 0 else { return .refused(String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, listen(descriptor, 1) == 0 else {
      return errno == EADDRINUSE ? .taken : .refused(String(cString: strerror(errno)))
    }
    return .free
  }

  /// The process that listens on a port; `nil` when it belongs to somebody else.
  static func holder(of port: Int) -> (pid: Int32, name: String)? {
    guard let inode = inode(of: port) else { return nil }
    for entry in Self.entries("/proc") {
      guard let pid = Int32(entry) else { continue }
      for descriptor in Self.entries("/proc/\(pid)/fd") {
        guard Self.target("/proc/\(pid)/fd/\(descriptor)") == "socket:[\(inode)]" else { continue }
        return (pid, SmallFile.line("/proc/\(pid)/comm") ?? "?")
      }
    }
    return nil
  }

  /// Of the socket in state LISTEN (0A) on the port, from proc_net(5).
  private static func inode(of port: Int) -> String? {
    let wanted =
      ":" + String(repeating: "0", count: max(0, 4 - String(port, radix: 16).count))
      + String(port, radix: 16).uppercased()
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
      for line in (SmallFile.text(table) ?? "").split(separator: "\n").dropFirst() {
        let fields = line.split(separator: " ")
        if fields.count > 9, fields[1].hasSuffix(wanted), fields[3] == "0A" { return String(fields[9]) }
      }
    }
    return nil
  }

  private static func entries(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  private static func target(_ link: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 256)
    let count = readlink(link, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
