import Synchronization

/// How many connections are open.
final class ConnectionCount: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .relaxed) }

  func change(by number: Int) { count.wrappingAdd(number, ordering: .relaxed) }
}
