import Foundation
import Synchronization

/// Runs long synchronous work on a thread made for it and waits without holding a thread of Swift's cooperative pool.
///
/// Cancelling the surrounding task makes `isCancelled` true; the work ends when it looks.
public func onDedicatedThread<Value: Sendable>(
  _ work: @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws -> Value
) async throws -> Value {
  let flag = StopFlag()
  return try await withTaskCancellationHandler {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread {
        continuation.resume(with: Result { try work { flag.isRaised } })
      }
      thread.name = "calculation"
      thread.start()
    }
  } onCancel: {
    flag.raise()
  }
}

private final class StopFlag: Sendable {
  private let raised = Atomic(false)

  var isRaised: Bool { raised.load(ordering: .relaxed) }

  func raise() { raised.store(true, ordering: .relaxed) }
}
