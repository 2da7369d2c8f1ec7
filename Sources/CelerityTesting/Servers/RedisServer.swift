import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A real Redis server for tests: on a free loopback port, in a directory of its own, with an append-only file. Where the
/// program is missing, starting fails: a test that needs a server is never skipped.
public final class RedisServer: Sendable {
  public let port: Int
  private let directory: URL
  private let options: [String]
  private let process = Mutex<Process?>(nil)

  /// A server that does not run yet, with further lines of its configuration.
  public init(options: [String] = []) throws {
    port = try Self.freePort()
    self.options = options
    directory = FileManager.default.temporaryDirectory.appendingPathComponent("celerity-redis-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  /// A server that answers.
  public static func started(options: [String] = []) async throws -> RedisServer {
    let server = try RedisServer(options: options)
    try await server.start()
    return server
  }

  public var url: String { "redis://127.0.0.1:\(port)" }

  /// Starts it and returns when it answers.
  public func start() async throws {
    let new = Process()
    new.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    new.arguments =
      [
        "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--dir", directory.path, "--appendonly", "yes",
        "--save", "", "--daemonize", "no",
      ] + options
    new.standardOutput = FileHandle(forWritingAtPath: "/dev/null")
    new.standardError = FileHandle(forWritingAtPath: "/dev/null")
    try new.run()
    process.withLock { $0 = new }
    for _ in 0..<500 {
      if Self.answers(port) { return }
      guard new.isRunning else { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw StartFailure(description: "redis-server did not start on port \(port): is it installed?")
  }

  /// Ends it at once, as a power cut would end its process.
  public func kill() {
    guard let running = process.withLock({ $0.take() }) else { return }
    _ = Glibc.kill(running.processIdentifier, SIGKILL)
    running.waitUntilExit()
  }

  /// Makes it deaf: connections stay open and nothing is answered, until `resume`.
  public func pause() { signal(SIGSTOP) }

  /// Lets it go on.
  public func resume() { signal(SIGCONT) }

  private func signal(_ number: Int32) {
    process.withLock { process in
      if let process { _ = Glibc.kill(process.processIdentifier, number) }
    }
  }

  deinit {
    if let running = process.withLock({ $0.take() }) { _ = Glibc.kill(running.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: directory)
  }

  struct StartFailure: Error, CustomStringConvertible { var description: String }

  /// A port nobody uses now.
  static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
      }
    }
    guard bound else { throw StartFailure(description: "there is no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func answers(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { return false }
    _ = send(descriptor, "PING\r\n", 6, Int32(MSG_NOSIGNAL))
    var reply = [UInt8](repeating: 0, count: 7)
    // A server that wants a password answers too; one that still loads its file says so.
    return recv(descriptor, &reply, 7, 0) == 7
      && ["+PONG\r\n", "-NOAUTH"].contains(String(decoding: reply, as: UTF8.self))
  }
}
