import CelerityTesting
import Testing

/// One server for all tests of a suite: starting one for each of some hundreds takes longer than they do. Each test keeps to
/// keys of its own by a prefix.
struct SharedRedis: SuiteTrait, TestScoping {
  @TaskLocal static var server: RedisServer?

  @concurrent
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    // It ends with the scope, which holds it.
    let server = try await RedisServer.started()
    try await Self.$server.withValue(server, operation: function)
    server.kill()
  }
}

extension Trait where Self == SharedRedis {
  /// A Redis server that the tests of the suite share.
  static var sharedRedis: SharedRedis { SharedRedis() }
}
