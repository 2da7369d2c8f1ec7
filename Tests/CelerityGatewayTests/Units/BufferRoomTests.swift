import CelerityGateway
import Testing

@testable import CelerityGateway

@Suite struct BufferRoomTests {
  @Test("What does not fit is not taken, and what is given back can be taken again")
  func room() {
    let room = BufferRoom(bytes: 10)
    #expect(room.take(6))
    #expect(!room.take(5))
    #expect(room.take(4))
    #expect(!room.take(1))
    room.giveBack(6)
    #expect(room.take(6))
  }

  @Test("A body that finds no room is told to come back, and room is free again after each request")
  func busy() async throws {
    var settings = GatewaySettings()
    settings.limits.maximumBufferedBytes = 1000
    try await RunningGateway.run(settings) { gateway in
      let long = #"{"task": "demo.echo", "args": ["\#(String(repeating: "a", count: 1000))"]}"#
      let refused = try await gateway.post("/v1/tasks", long)
      refused.expectProblem(503, "too-busy")
      #expect(refused["retry-after"] == "1")
      let short = #"{"task": "demo.echo", "args": ["\#(String(repeating: "a", count: 600))"]}"#
      for _ in 0..<5 { #expect(try await gateway.post("/v1/tasks", short).status == 202) }
    }
  }
}
