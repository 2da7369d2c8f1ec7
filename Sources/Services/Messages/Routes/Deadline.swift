import CelerityCore
import Synchronization

/// Work with a limit to how long somebody waits for it.
///
/// A store that hangs can't be made to give up, so the work is not a child of who waits: when the time is over it goes on by
/// itself, is told so where it asks, and ends with the store's answer.
enum Deadline {
  /// Whether nobody waits any more.
  final class Watch: Sendable {
    private let late = Atomic(false)

    var isLate: Bool { late.load(ordering: .relaxed) }

    fileprivate func expire() { late.store(true, ordering: .relaxed) }
  }

  /// What the work comes to; `nil` when the time is over before.
  static func run<Value: Sendable>(
    within patience: Duration, _ time: any TimeSource,
    _ work: @escaping @Sendable (Watch) async throws -> Value
  ) async throws -> Value? {
    let watch = Watch()
    let (outcomes, continuation) = AsyncStream.makeStream(
      of: Result<Value, any Error>.self, bufferingPolicy: .bufferingOldest(1))
    // Owned by the store's answer, see above.
    Task {
      do {
        continuation.yield(.success(try await work(watch)))
      } catch {
        continuation.yield(.failure(error))
      }
      continuation.finish()
    }
    let clock = Task {
      try await time.sleep(for: patience)
      continuation.finish()
    }
    defer { clock.cancel() }
    for await outcome in outcomes { return try outcome.get() }
    watch.expire()
    return nil
  }
}
