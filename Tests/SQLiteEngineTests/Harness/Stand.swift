import CelerityCore
import CelerityTesting
import SQLiteEngine
import Synchronization

/// Stores under test and the disks they are on, closed together.
final class Stand: Sendable {
  private let opened = Mutex<[(store: SQLiteStore, disk: Disk, path: String)]>([])

  /// A store on a disk of its own.
  func make(_ time: any TimeSource, _ configure: (inout SQLiteConfiguration) -> Void = { _ in }) async throws
    -> SQLiteStore
  {
    let disk = try Disk()
    return try await open(disk, disk.path, time, configure)
  }

  /// A store in a file of a disk.
  func open(
    _ disk: Disk, _ path: String, _ time: any TimeSource, _ configure: (inout SQLiteConfiguration) -> Void = { _ in }
  ) async throws -> SQLiteStore {
    var configuration = SQLiteConfiguration(path: path, time: time)
    configure(&configuration)
    let store = try await SQLiteStore.open(configuration)
    opened.withLock { $0.append((store, disk, path)) }
    return store
  }

  /// Opens what the death of the process would leave of the store that was opened last.
  func restart(
    _ time: any TimeSource, _ configure: (inout SQLiteConfiguration) -> Void = { _ in }
  ) async throws -> SQLiteStore {
    guard let last = opened.withLock({ $0.last }) else { throw EngineError(.invalid, "nothing is open") }
    let disk = try Disk(copyOf: last.path)
    return try await open(disk, disk.path, time, configure)
  }

  func close() async {
    let stores = opened.withLock { opened in
      defer { opened = [] }
      return opened
    }
    for entry in stores { await entry.store.close() }
  }
}
