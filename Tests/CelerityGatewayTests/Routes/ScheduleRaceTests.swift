import NIOHTTP1
import Testing

@Suite(.timeLimit(.minutes(1))) struct ScheduleRaceTests {
  @Test("PUT succeeds however often others delete the schedule meanwhile")
  func putAgainstDelete() async throws {
    try await RunningGateway.run { gateway in
      let body = #"{"schedule": "0 6 * * 1", "task": "demo.add", "args": [1, 2]}"#
      let puts = try await withThrowingTaskGroup(of: [Int].self) { group in
        for _ in 0..<4 {
          group.addTask {
            var statuses: [Int] = []
            for _ in 0..<50 {
              statuses.append(try await gateway.send(.PUT, "/v1/schedules/contested", body: body).status)
            }
            return statuses
          }
          group.addTask {
            for _ in 0..<50 {
              let status = try await gateway.send(.DELETE, "/v1/schedules/contested").status
              #expect([204, 404].contains(status))
            }
            return []
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(puts.count == 200)
      #expect(puts.allSatisfy { $0 == 200 || $0 == 201 }, "\(puts.filter { $0 > 201 })")
    }
  }

  @Test("PUT with If-Match fails where there is nothing")
  func conditional() async throws {
    try await RunningGateway.run { gateway in
      let body = #"{"schedule": "0 6 * * 1", "task": "demo.add", "args": [1, 2]}"#
      let reply = try await gateway.send(.PUT, "/v1/schedules/none", headers: [("If-Match", "\"1\"")], body: body)
      reply.expectProblem(412, "precondition-failed")
    }
  }
}
