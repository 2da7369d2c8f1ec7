import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A real InfluxDB of version 1 for tests: on free loopback ports, with a configuration and a directory of its own. Where the
/// program is missing, starting fails: a test that needs a server is never skipped.
public final class InfluxServer: Sendable {
  public let port: Int
  private let directory: URL
  private let process = Mutex<Process?>(nil)

  /// A server that does not run yet.
  public init() throws {
    port = try RedisServer.freePort()
    directory = FileManager.default.temporaryDirectory.appendingPathComponent("celerity-influx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let path = directory.path
    let configuration = """
      reporting-disabled = true
      bind-address = "127.0.0.1:\(try RedisServer.freePort())"
      [meta]
      dir = "\(path)/meta"
      [data]
      dir = "\(path)/data"
      wal-dir = "\(path)/wal"
      [monitor]
      store-enabled = false
      [http]
      bind-address = "127.0.0.1:\(port)"
      log-enabled = false

      """
    try Data(configuration.utf8).write(to: directory.appendingPathComponent("influxdb.conf"))
  }

  public var url: String { "http://127.0.0.1:\(port)" }

  /// Starts it and returns when it answers.
  public func start() async throws {
    let new = Process()
    new.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    new.arguments = ["influxd", "run", "-config", directory.appendingPathComponent("influxdb.conf").path]
    new.standardOutput = FileHandle(forWritingAtPath: "/dev/null")
    new.standardError = FileHandle(forWritingAtPath: "/dev/null")
    try new.run()
    process.withLock { $0 = new }
    for _ in 0..<1500 {
      if answers { return }
      guard new.isRunning else { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw RedisServer.StartFailure(description: "influxd did not start on port \(port): is influxdb installed?")
  }

  /// Ends it at once; its directory stays, so that it can be started again.
  public func kill() {
    guard let running = process.withLock({ $0.take() }) else { return }
    #if canImport(Glibc)
      _ = Glibc.kill(running.processIdentifier, SIGKILL)
    #elseif canImport(Musl)
      _ = Musl.kill(running.processIdentifier, SIGKILL)
    #elseif canImport(Darwin)
      _ = Darwin.kill(running.processIdentifier, SIGKILL)
    #endif
    running.waitUntilExit()
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(at: directory)
  }

  /// Whether it answers `GET /ping`, which it does when it takes points.
  private var answers: Bool {
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
    let request = "GET /ping HTTP/1.0\r\n\r\n"
    _ = send(descriptor, request, request.utf8.count, Int32(MSG_NOSIGNAL))
    var reply = [UInt8](repeating: 0, count: 64)
    let count = recv(descriptor, &reply, reply.count, 0)
    return count > 12 && String(decoding: reply[..<count], as: UTF8.self).contains(" 204 ")
  }
}
