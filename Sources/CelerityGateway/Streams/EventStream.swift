import CelerityCore
import Synchronization

/// What a stream has told its client and tells next: a pure state machine.
protocol StreamSubscription: Sendable {
  associatedtype Event: Sendable
  /// The event of a stream that begins.
  static var opened: Event { get }
  /// The event of a stream that owes a sign of life.
  static var silent: Event { get }
  /// Whether nothing follows.
  var isOver: Bool { get }
  mutating func on(_ event: Event) -> [StreamEffect]
}

/// An open stream: pulled by the one who writes to the client, at the client's pace.
final class EventStream<Subscription: StreamSubscription>: Sendable {
  private struct State {
    var subscription: Subscription
    var heartbeat: Heartbeat
    var isOpened = false
  }

  private let ticket: StreamTicket
  private let time: any TimeSource
  private let look: @Sendable (Subscription) async throws -> Subscription.Event?
  private let state: Mutex<State>

  /// A stream in its place. `look` reads what a subscription does not know yet; `nil` when there is nothing, and then
  /// the ticket's bell rings when there may be.
  init(
    _ hub: EventHub, _ ticket: StreamTicket, _ subscription: Subscription,
    look: @escaping @Sendable (Subscription) async throws -> Subscription.Event?
  ) {
    self.ticket = ticket
    self.look = look
    time = hub.time
    let heartbeat = Heartbeat(every: hub.limits.heartbeat, now: hub.time.uptime)
    state = Mutex(State(subscription: subscription, heartbeat: heartbeat))
  }

  /// The stream's bytes, made when they are asked for. The stream is open as long as somebody holds this.
  var pieces: AsyncStream<[UInt8]> { AsyncStream { await self.next() } }

  /// What is sent next; `nil` at the end, when the reader has left, and when the store fails: the client comes back and
  /// goes on where it was.
  func next() async -> [UInt8]? {
    if let hello = open() { return hello }
    while !Task.isCancelled {
      let subscription = state.withLock { $0.subscription }
      if subscription.isOver { return nil }
      if let sign = signOfLife() { return sign }
      do {
        if let event = try await look(subscription) {
          if let bytes = tell(event) { return bytes }
          continue
        }
      } catch {
        return nil
      }
      guard await ticket.bell.wait() else { return nil }
    }
    return nil
  }

  private func open() -> [UInt8]? {
    let isFirst = state.withLock { state in
      defer { state.isOpened = true }
      return !state.isOpened
    }
    return isFirst ? tell(Subscription.opened) : nil
  }

  private func signOfLife() -> [UInt8]? {
    let now = time.uptime
    return state.withLock { $0.heartbeat.isDue(at: now) } ? tell(Subscription.silent) : nil
  }

  private func tell(_ event: Subscription.Event) -> [UInt8]? {
    let now = time.uptime
    let effects = state.withLock { state in
      let effects = state.subscription.on(event)
      if !effects.isEmpty { state.heartbeat.sent(at: now) }
      return effects
    }
    return effects.isEmpty ? nil : effects.bytes
  }
}
