import AsyncHTTPClient
import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing

@Suite struct ShutdownTests {
  @Test("A graceful shutdown answers who waits, at once, with what is known")
  func waitingRequest() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      let id = try await gateway.submit()
      async let waiting = gateway.get("/v1/tasks/\(id)/result?wait=30")
      await time.waitForSleepers(2)
      await gateway.group.triggerGracefulShutdown()
      let reply = try await waiting
      #expect(reply.status == 202)
      #expect(reply.string("state") == "PENDING")
    }
  }

  @Test("A graceful shutdown ends an endless stream in an orderly way")
  func endlessStream() async throws {
    try await RunningGateway.run(services: [Shop()]) { gateway in
      let request = HTTPClientRequest(url: "http://127.0.0.1:\(gateway.port)/endless")
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
      #expect(response.status == .ok)
      await gateway.group.triggerGracefulShutdown()
      #expect(String(buffer: try await response.body.collect(upTo: 100)) == "one")
    }
  }

  @Test("A graceful shutdown ends idle connections")
  func idleConnection() async throws {
    try await RunningGateway.run { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let first = await connection.replies(atMost: 1)
        await gateway.group.triggerGracefulShutdown()
        return first + (await connection.replies())
      }
      #expect(replies.map(\.status) == [200])
    }
  }

  @Test("A graceful shutdown does not wait for a body that does not come")
  func halfRequest() async throws {
    var settings = GatewaySettings()
    settings.limits.linger = .milliseconds(50)
    try await RunningGateway.run(settings) { gateway in
      let head = "POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n"
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send(head)
        let first = await connection.replies(atMost: 1)
        await gateway.group.triggerGracefulShutdown()
        return first + (await connection.replies())
      }
      #expect(replies.map(\.status) == [100, 408])
    }
  }

  @Test(
    "Only loopback addresses are served",
    arguments: ["0.0.0.0", "::", "192.0.2.1", "example.org", "", "127.0.0.1.example.org"])
  func refusedHosts(_ host: String) async throws {
    #expect {
      try Self.gateway(GatewaySettings(host: host))
    } throws: { error in
      (error as? GatewayError)?.code == .notLoopback && "\(error)".contains("'\(host)'")
    }
  }

  @Test("A port that is taken is a clear error, also for who asks for the bound port")
  func takenPort() async throws {
    try await RunningGateway.run { first in
      let second = try Self.gateway(GatewaySettings(port: first.port))
      let asking = Task { try await second.boundPort }
      await #expect {
        try await second.run()
      } throws: { error in
        (error as? GatewayError)?.code == .bindFailed && "\(error)".contains("127.0.0.1:\(first.port)")
      }
      await #expect(throws: GatewayError.self) { try await asking.value }
    }
  }

  @Test("Two routes for the same requests are refused at the start")
  func routeConflict() throws {
    struct Twice: ServiceDefinition {
      static let name = "twice"
      var tasks: [any TaskDefinition] { [] }
      var routes: [Route] {
        ["/a/{x}", "/a/{y}"].map { path in
          Route(.get, PathTemplate(path), operationID: path, summary: "") { _, _ in .text(200, path) }
        }
      }
    }
    #expect(throws: GatewayError.self) { try Self.gateway(GatewaySettings(), services: [Twice()]) }
  }

  private static func gateway(
    _ settings: GatewaySettings, services: [any ServiceDefinition] = []
  ) throws(GatewayError) -> Gateway {
    let store = MemoryStore()
    let client = TaskClient(engine: store, records: store, waiter: RecordWaiter(store: store))
    let environment = ServiceEnvironment(
      tasks: client, resources: .memory(store, time: SystemTime()), presence: store, progress: store, changes: store,
      statistics: store, orders: store)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return try Gateway(
      settings: settings, environment: environment, registry: TaskRegistry(), services: services, logger: logger)
  }
}
