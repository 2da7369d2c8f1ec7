import CelerityCore
import CelerityTesting
import Foundation
import RESPClient
import RedisEngine
import Synchronization
import Testing

/// Stores under test, closed together: all on the suite's server, under a prefix of their own.
final class Stand: Sendable {
  let prefix = "\(UUID().uuidString):"
  private let opened = Mutex<[RedisStore]>([])

  /// A store that lives by a test's clock.
  func open(
    _ time: any TimeSource, _ configure: (inout RedisStoreConfiguration) -> Void = { _ in }
  ) async throws -> RedisStore {
    let server = try #require(SharedRedis.server)
    var configuration = RedisStoreConfiguration(try RedisEndpoint(url: server.url), keyPrefix: prefix)
    configure(&configuration)
    let store = try await RedisStore.open(configuration, time: time, isTimeGiven: true)
    opened.withLock { $0.append(store) }
    return store
  }

  /// A store that lives by the server's clock.
  func openOnServerTime() async throws -> RedisStore {
    let server = try #require(SharedRedis.server)
    let store = try await RedisStore.open(
      RedisStoreConfiguration(try RedisEndpoint(url: server.url), keyPrefix: prefix))
    opened.withLock { $0.append(store) }
    return store
  }

  /// A client of the server, for what Python's programs would do.
  func client() throws -> RedisClient {
    RedisClient(RedisConfiguration(try RedisEndpoint(url: try #require(SharedRedis.server).url)))
  }

  /// What comes after the death of all processes at once: whoever finds it takes back what they held.
  func restart(_ time: any TimeSource) async throws -> RedisStore {
    await close()
    let store = try await open(time)
    _ = try await store.takeBack(worker: nil)
    return store
  }

  func close() async {
    let stores = opened.withLock { opened in
      defer { opened = [] }
      return opened
    }
    for store in stores { await store.close() }
  }
}
