import CelerityTesting
import Testing

@Suite struct BadInputTests {
  @Test("Bad input gets its own 4xx problem and harms nobody", arguments: BadInput.all)
  func badInput(_ input: BadInput) async throws {
    try await RunningGateway.run { gateway in
      let replies = try await RawConnection.open(to: gateway.port) { connection in
        // A gateway that has refused already may have stopped reading.
        try? await connection.send(input.bytes)
        return await connection.replies(atMost: 1)
      }
      try #require(replies.count == 1)
      replies[0].expectProblem(input.status, input.code)
      #expect((400..<500).contains(replies[0].status))
      #expect(try await gateway.get("/livez").status == 200)
      #expect(try await gateway.store.queues(of: nil).isEmpty, "nothing was accepted")
    }
  }

  @Test("There are enough bad inputs and no two of one name")
  func table() {
    #expect(BadInput.all.count >= 60)
    #expect(Set(BadInput.all.map(\.name)).count == BadInput.all.count)
  }
}
