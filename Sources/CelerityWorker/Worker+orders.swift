import CelerityCore
import Logging
import Synchronization

extension Worker {
  /// How long one question for orders waits.
  private static let orderWait = Duration.seconds(300)
  private static let firstPause = Duration.milliseconds(100)
  private static let longestPause = Duration.seconds(30)
  /// How long a store is left alone that says at once, without waiting, that there are no orders.
  private static let idlePause = Duration.seconds(1)
  /// More at once than any machine has threads for.
  static let mostSlots = 1024

  /// Obeys orders as they come until cancelled. The store holds the question until there is one.
  func obeyOrders() async {
    var number: Int64 = 0
    var pause = Self.firstPause
    while !Task.isCancelled {
      let start = time.uptime
      do {
        let orders = try await store.nextOrders(
          worker: configuration.name, incarnation: incarnation, after: number, wait: Self.orderWait)
        pause = Self.firstPause
        for order in orders where order.number > number {
          number = order.number
          obey(order.order)
        }
        if orders.isEmpty, time.uptime - start < .milliseconds(1) { try? await time.sleep(for: Self.idlePause) }
      } catch {
        if Task.isCancelled { return }
        logger.warning("could not ask for orders", metadata: ["error": "\(error)"])
        try? await time.sleep(for: pause)
        pause = min(pause * 2, Self.longestPause)
      }
    }
  }

  private func obey(_ order: WorkerOrder) {
    logger.notice("obeying an order", metadata: ["order": "\(order.words)"])
    switch order {
    case .quiet: quiet()
    case .resume: resume()
    case .scale(let count): scale(to: count)
    case .stop: if let onStop { onStop() } else { drain() }
    }
    presence.say()
  }

  /// Fetches nothing more until resumed; what runs goes on.
  public func quiet() {
    let fetch = state.withLock { state in
      state.isQuiet = true
      return state.fetch
    }
    fetch?.cancel()
    bell.ring()
    presence.say()
  }

  /// Fetches again after `quiet`. A worker that drains goes on draining.
  public func resume() {
    state.withLock { $0.isQuiet = false }
    bell.ring()
    presence.say()
  }

  /// Runs so many tasks at once from now on, 1 to 1,024. New slots are there at once; of those that are too many each one
  /// goes when its task has ended.
  public func scale(to count: Int) {
    threads.adjust(by: slots.resize(to: min(max(1, count), Self.mostSlots)))
    // A question for more tasks than there are slots now is taken back.
    let fetch = state.withLock { $0.fetch }
    fetch?.cancel()
    bell.ring()
    presence.say()
  }
}

extension WorkerOrder {
  fileprivate var words: String {
    switch self {
    case .quiet: "quiet"
    case .resume: "resume"
    case .stop: "stop"
    case .scale(let count): "scale to \(count)"
    }
  }
}
