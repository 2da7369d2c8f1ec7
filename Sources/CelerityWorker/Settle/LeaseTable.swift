import Synchronization

/// The attempts whose leases this worker holds, by token: from their fetch until their end is stored.
final class LeaseTable: Sendable {
  private let held = Mutex<[Int64: Execution]>([:])

  var isEmpty: Bool { held.withLock { $0.isEmpty } }

  var executions: [Execution] { held.withLock { Array($0.values) } }

  func add(_ executions: [Execution]) {
    held.withLock { held in
      for execution in executions { held[execution.token] = execution }
    }
  }

  func remove(_ execution: Execution) {
    held.withLock { held in
      // Never another attempt's place.
      if held[execution.token] === execution { held[execution.token] = nil }
    }
  }
}
