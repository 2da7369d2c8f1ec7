import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Testing

@testable import Items

@Suite struct FailureTests {
  private func job(_ retries: Int = 0) throws -> TaskMessage {
    TaskMessage(
      id: TaskID(stored: "j"), task: ProcessData.name, kwargs: try RawJSON(validating: #"{"data": "a"}"#),
      retries: retries)
  }

  @Test("S3.26: an attempt that fails is tried again after delays that double, three times")
  func retries() async throws {
    let platform = TestPlatform([ItemsService.retryBase.name: .duration(.seconds(2))])
    platform.documents.fail()
    var delays: [Duration] = []
    var random = SeededRandom(seed: 1)
    for retries in 0...3 {
      let error = await #expect(throws: Retry.self) { try await platform.run(job(retries)) }
      let retry = try #require(error)
      #expect(retry.failure.message.contains("the store is away"))
      let delay = ProcessData.options.retry.delay(
        after: retry.failure, retries: retries, serverDelay: retry.delay, using: &random)
      #expect((delay != nil) == (retries < 3))
      if let delay { delays.append(delay) }
    }
    #expect(delays[1] == delays[0] * 2)
    #expect(delays[2] == delays[0] * 4)
    #expect((.seconds(1)...(.seconds(2))).contains(delays[0]))
  }

  @Test("S3.26: no delay is longer than ten minutes, and tasks that failed together don't come back together")
  func delays() async throws {
    let platform = TestPlatform([ItemsService.retryBase.name: .duration(.seconds(500))])
    platform.documents.fail()
    var seen: Set<Duration> = []
    for number in 0..<20 {
      var message = try job(2)
      message.id = TaskID(stored: "job-\(number)")
      let error = await #expect(throws: Retry.self) { try await platform.run(message) }
      seen.insert(try #require(error?.delay))
    }
    #expect(seen.allSatisfy { (.seconds(300)...(.seconds(600))).contains($0) })
    #expect(seen.count > 10)
  }

  @Test("S3.26: the last failure is in the archive with its error, those before are not", arguments: [0, 2, 3])
  func lastFailure(retries: Int) async throws {
    let platform = TestPlatform()
    // The result can't be archived; that it could not can be.
    platform.documents.failWrites(1)
    await #expect(throws: Retry.self) { try await platform.run(job(retries)) }
    let row = try await ResultArchive(documents: platform.documents, tenant: .default).row(TaskID(stored: "j"))
    #expect((row != nil) == (retries == 3))
    if let row {
      #expect(row.status == "FAILURE")
      #expect(row.error == "the store is away")
    }
  }

  @Test("S3.27: work that is told to stop stops while it waits, and the archive says why")
  func stopped() async throws {
    let platform = TestPlatform([ItemsService.iterationStep.name: .duration(.seconds(1000))])
    let port = TestPort()
    let running = Task { [job = try job()] in try await platform.run(job, port: port) }
    await platform.time.waitForSleepers()
    port.stop(.softTimeLimit)
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.value }
    let row = try await ResultArchive(documents: platform.documents, tenant: .default).row(TaskID(stored: "j"))
    #expect(row?.status == "FAILURE")
    #expect(row?.error == "it was told to stop at its soft time limit")
  }

  @Test("S3.28: work that is cut short leaves nothing behind, and a second attempt ends as the first would have")
  func interrupted() async throws {
    let platform = TestPlatform([ItemsService.iterationStep.name: .duration(.seconds(1))])
    let port = TestPort()
    let first = Task { [job = try job()] in try await platform.run(job, port: port) }
    await platform.time.waitForSleepers()
    platform.time.advance(by: .seconds(1))
    await platform.time.waitForSleepers()
    port.stop(.leaseLost)
    first.cancel()
    await #expect(throws: CancellationError.self) { try await first.value }
    let archive = ResultArchive(documents: platform.documents, tenant: .default)
    #expect(try await archive.row(TaskID(stored: "j")) == nil)
    let second = Task { [job = try job()] in try await platform.run(job) }
    for _ in 0..<10 {
      await platform.time.waitForSleepers()
      platform.time.advance(by: .seconds(1))
    }
    let result = try await second.value
    #expect(result["total_processed"]?.int64Value == 10)
    #expect(try await archive.row(TaskID(stored: "j"))?.result == result)
  }

  @Test("Input that can't be worked on is refused for good, also from other clients")
  func hostile() async throws {
    let platform = TestPlatform()
    for kwargs in [#"{"data": ""}"#, #"{"data": "a", "iterations": 0}"#, #"{"data": 5}"#] {
      let message = TaskMessage(
        id: TaskID(stored: "j"), task: ProcessData.name, kwargs: try RawJSON(validating: kwargs))
      let error = await #expect(throws: (any Error).self) { try await platform.run(message) }
      #expect(!(error is Retry))
    }
  }
}
