import CelerityCore
import Foundation

/// Runs blocking work on a thread made for it, because Swift's own threads are few and must not block.
func onOwnThread<Value: Sendable>(
  _ work: @escaping @Sendable () throws -> Value
) async throws(EngineError) -> Value {
  let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
    startThread("celerity.file") { continuation.resume(returning: Result { try work() }) }
  }
  do {
    return try result.get()
  } catch {
    throw EngineError(describing: error)
  }
}

func startThread(_ name: String, _ body: @escaping @Sendable () -> Void) {
  let thread = Thread(block: body)
  thread.name = name
  thread.start()
}
